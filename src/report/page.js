/* The filter. Without this script it stays hidden, and the page shows everything. */
"use strict";
(() => {
	const form = document.getElementById("filter");
	const count = document.getElementById("count");
	if (!form)
		return;

	/* A search must not open more than a screen's reader can take in. */
	const OPENED_MAX = 50;
	const search = form.querySelector("input[type=search]");
	const boxes = [...form.querySelectorAll("input[type=checkbox]")];
	const number = new Intl.NumberFormat(document.documentElement.lang);
	const secrets = [...document.querySelectorAll(".secret")].map((element) => ({
		element,
		list: element.querySelector(".places"),
		title: element.querySelector("h3").textContent.toLowerCase(),
		places: [...element.querySelectorAll(".places li")].map((item) => ({
			item,
			text: null,
		})),
	}));
	const all = secrets.reduce((sum, secret) => sum + secret.places.length, 0);

	const fits = (place, title, exposures, words) => {
		if (!exposures.has(place.item.dataset.exposure))
			return false;
		if (words.length === 0)
			return true;
		place.text ??= title + "\n" + place.item.textContent.toLowerCase();
		return words.every((word) => place.text.includes(word));
	};

	const apply = () => {
		const exposures = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
		const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const secret of secrets) {
			let here = 0;
			for (const place of secret.places) {
				const visible = fits(place, secret.title, exposures, words);
				place.item.hidden = !visible;
				here += visible;
			}
			secret.element.hidden = here === 0;
			if (words.length > 0 && here > 0 && shown + here <= OPENED_MAX)
				secret.list.open = true;
			shown += here;
		}
		count.textContent = count.dataset.phrase
			.replace("{shown}", number.format(shown))
			.replace("{all}", number.format(all));
	};

	let timer = 0;
	const soon = () => {
		clearTimeout(timer);
		timer = setTimeout(apply, 150);
	};
	search.addEventListener("input", soon);
	form.addEventListener("change", apply);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		apply();
	});
	form.addEventListener("reset", () => setTimeout(apply));
	for (const button of form.querySelectorAll("button[data-open]"))
		button.addEventListener("click", () => {
			for (const details of document.querySelectorAll(".secret details"))
				details.open = button.dataset.open === "true";
		});

	/* On paper nothing can be opened. */
	let closed = [];
	addEventListener("beforeprint", () => {
		closed = [...document.querySelectorAll("details:not([open])")];
		for (const details of closed)
			details.open = true;
	});
	addEventListener("afterprint", () => {
		for (const details of closed)
			details.open = false;
	});

	form.hidden = false;
	apply();
})();
