/*
 * A table of names and what is behind them. Names are those huggingface_hub
 * (constants.py, _login.py), git, the shells, Kaggle, wandb, Docker and
 * Streamlit use; that people leak there: huggingface/diffusers#6916 (wandb),
 * binary-husky/gpt_academic#2253 (committed templates).
 */
#include "report/place.h"

static const struct place git_config = {
	"git-config",
	"git's own settings. The token stands in a remote's address (URL); every command that "
	"shows the remote shows it. `git remote set-url` writes an address without it."};

static const struct place template = {"dotenv-template",
				      "A template that is meant to be shared: only names and "
				      "made-up values belong here, the token goes into .env."};

static const struct place dotenv = {
	"dotenv", "A file for settings and passwords, and a good place for a token as long as it "
		  "stays on this machine: keep it out of git with a line \".env\" in .gitignore."};

static const struct place token_file = {"hub-token",
					"Here `hf auth login` keeps your token. It belongs here; "
					"do not share, upload or commit this folder."};

static const struct place stored_tokens = {
	"stored-tokens", "Here `hf auth login` keeps all your tokens, by name. They belong here; "
			 "do not share, upload or commit this folder."};

static const struct place netrc = {"netrc",
				   "Passwords for programs that go online, in clear. It belongs in "
				   "your home folder only, readable by nobody else (chmod 600)."};

static const struct place git_credentials = {
	"git-credentials",
	"Here git's `store` helper keeps passwords in clear (Colab switches it on). `git config "
	"--global credential.helper cache` keeps them in memory instead; then delete this file."};

static const struct place shell_history = {
	"shell-history", "The commands you typed. Delete the line; next time let `hf auth login` "
			 "ask for the token instead of typing it into the command."};

static const struct place python_history = {
	"python-history", "What you typed into Python. Delete the line or the file; next time use "
			  "login(), which asks for the token."};

static const struct place kaggle_key = {"kaggle-key",
					"Kaggle's access file. No Hugging Face token belongs here; "
					"on Kaggle use Add-ons → Secrets."};

static const struct place kaggle_log = {
	"kaggle-log", "What a Kaggle notebook printed. Who may see the notebook may see its log: "
		      "delete the version, and do not print the token."};

static const struct place wandb = {
	"wandb-run",
	"Weights & Biases keeps settings, command line and output of every run here and uploads "
	"them: look at the run's page too, and do not pass the token as an argument."};

static const struct place checkpoint = {
	"notebook-checkpoint",
	"A copy that Jupyter made by itself. Cleaning the notebook does not clean it: delete the "
	"folder .ipynb_checkpoints and add it to .gitignore."};

static const struct place notebook = {
	"notebook",
	"A notebook keeps what its cells printed: change the cell, clear all outputs, and save."};

static const struct place dockerfile = {
	"dockerfile",
	"What ENV, ARG, COPY or RUN name stays in the image for everybody who gets it: use `RUN "
	"--mount=type=secret`, or pass the token when the container starts."};

static const struct place compose = {"compose", "Usually committed. Write `HF_TOKEN: ${HF_TOKEN}` "
						"and keep the value in an .env that git ignores."};

static const struct place workflow = {
	"github-workflow",
	"Committed, and read by everybody who sees the repository. Store the token under Settings "
	"→ Secrets and variables → Actions and write ${{ secrets.HF_TOKEN }}."};

static const struct place training_args = {
	"training-args",
	"The Trainer saved all its arguments here, hub_token among them, and push_to_hub publishes "
	"the file. Log in instead of passing hub_token, and do not upload this one."};

static const struct place streamlit = {
	"streamlit-secrets", "Streamlit's file for secrets, a good place as long as git ignores "
			     "it; a published app has a Secrets page of its own."};

static const struct place kubernetes = {
	"kubernetes-secret",
	"If it is a Kubernetes Secret: keep the file out of git, and make the Secret with `kubectl "
	"create secret generic NAME --from-env-file=.env`."};

static const struct place archive = {
	"archive", "Whoever gets the archive gets the token. Take it out of the file that was "
		   "packed, or leave that file out, and pack the archive anew."};

static const struct place document = {
	"document", "Whoever gets the document gets the token. Delete it there and save; where "
		    "changes are tracked, what was deleted stays until they are accepted."};

/*
 * A pattern is compared with the last names of a path, name by name, without
 * regard to ASCII case. '*' stands for any bytes of one name; a last name of
 * "**" for everything below the folder. The first row that fits counts.
 */
struct row {
	const char *pattern;
	const struct place *place;
};

static const struct row rows[] = {
	{".env.example", &template},
	{".env.sample", &template},
	{".env.template", &template},
	{".env.dist", &template},
	{"example.env", &template},
	{"sample.env", &template},
	{".env", &dotenv},
	{".env.*", &dotenv},
	{"*.env", &dotenv},
	{".envrc", &dotenv},
	{"huggingface/token", &token_file},
	{"huggingface_staging/token", &token_file},
	{".huggingface/token", &token_file},
	{"stored_tokens", &stored_tokens},
	{".netrc", &netrc},
	{"_netrc", &netrc},
	{".git-credentials", &git_credentials},
	{".config/git/credentials", &git_credentials},
	{".bash_history", &shell_history},
	{".zsh_history", &shell_history},
	{".histfile", &shell_history},
	{".sh_history", &shell_history},
	{"fish_history", &shell_history},
	{"ConsoleHost_history.txt", &shell_history},
	{".python_history", &python_history},
	{"profile_*/history.sqlite", &python_history},
	{"kaggle.json", &kaggle_key},
	{"kaggle/*.log", &kaggle_log},
	{"*kaggle*.log", &kaggle_log},
	{"wandb/*run*/**", &wandb},
	{"wandb/debug*.log", &wandb},
	{"wandb-metadata.json", &wandb},
	{".ipynb_checkpoints/**", &checkpoint},
	{"*.ipynb", &notebook},
	{"Dockerfile", &dockerfile},
	{"Dockerfile.*", &dockerfile},
	{"*.Dockerfile", &dockerfile},
	{"Containerfile", &dockerfile},
	{"docker-compose*.yml", &compose},
	{"docker-compose*.yaml", &compose},
	{"compose*.yml", &compose},
	{"compose*.yaml", &compose},
	{".github/workflows/*.yml", &workflow},
	{".github/workflows/*.yaml", &workflow},
	{"training_args.bin", &training_args},
	{"secrets.toml", &streamlit},
	{"*secret*.yaml", &kubernetes},
	{"*secret*.yml", &kubernetes},
	{"*.docx", &document},
	{"*.pptx", &document},
	{"*.xlsx", &document},
	{"*.odt", &document},
	{"*.odp", &document},
	{"*.ods", &document},
	{"*.zip", &archive},
	{"*.tar", &archive},
	{"*.tar.*", &archive},
	{"*.tgz", &archive},
	{"*.7z", &archive},
	{"*.whl", &archive},
	{"*.jar", &archive},
};

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

static struct slice skip(struct slice s, size_t len)
{
	return slice_cut(s, (struct span){len, s.len});
}

/* Each '*' first takes nothing, then one byte more whenever what follows it
 * does not fit; only the last '*' ever has to be tried again. */
static bool name_matches(struct slice pattern, struct slice name)
{
	struct slice after_star = {0}, retry = {0};
	bool star = false;

	while (name.len > 0) {
		if (pattern.len > 0 && pattern.ptr[0] == '*') {
			star = true;
			after_star = pattern = skip(pattern, 1);
			retry = name;
		} else if (pattern.len > 0 && lower(pattern.ptr[0]) == lower(name.ptr[0])) {
			pattern = skip(pattern, 1);
			name = skip(name, 1);
		} else if (star) {
			pattern = after_star;
			name = retry = skip(retry, 1);
		} else {
			return false;
		}
	}
	while (pattern.len > 0 && pattern.ptr[0] == '*')
		pattern = skip(pattern, 1);
	return pattern.len == 0;
}

/* Takes the last name off path; returns it. */
static struct slice take_last(struct slice *path)
{
	struct slice last = slice_last_name(*path);

	path->len -= last.len;
	path->len -= path->len > 0; /* the '/' */
	return last;
}

static bool ends_like(struct slice path, struct slice pattern)
{
	while (pattern.len > 0) {
		if (path.len == 0 || !name_matches(take_last(&pattern), take_last(&path)))
			return false;
	}
	return true;
}

static bool path_matches(struct slice path, struct slice pattern)
{
	if (!slice_has_suffix(pattern, SLICE("/**")))
		return ends_like(path, pattern);
	pattern.len -= strlen("/**");
	while (path.len > 0) {
		take_last(&path);
		if (ends_like(path, pattern))
			return true;
	}
	return false;
}

/* ---- in notebooks ---- */

static const struct place cell_source = {
	"cell-source",
	"`login()` without an argument asks for the token and writes it nowhere. In Colab, keep it "
	"under Secrets and read it with `userdata.get('HF_TOKEN')`; elsewhere set a variable of "
	"that name and read `os.environ[\"HF_TOKEN\"]`."};

static const struct place cell_output = {
	"cell-output", "It stands in an output, so it was displayed, and whoever sees the notebook "
		       "has it. Delete the token (huggingface.co → Settings → Access Tokens), "
		       "clear this output (Edit, Clear Outputs), save, and print no token again."};

static const struct place cell_attachment = {
	"cell-attachment", "It is in what is attached to the cell, and saved with the notebook. "
			   "Delete what is attached, or the cell, save, and check again."};

static const struct place cell_metadata = {
	"notebook-metadata",
	"It stands where no cell shows it: in what widgets, forms or a run with parameters left in "
	"the notebook's metadata. Clear the widget state and the outputs, save, and check again."};

static const struct place *const places_in_notebook[PART_COUNT] = {
	[PART_SOURCE] = &cell_source,     [PART_OUTPUT] = &cell_output,
	[PART_METADATA] = &cell_metadata, [PART_ATTACHMENT] = &cell_attachment,
	[PART_OTHER] = &cell_metadata,
};

/* What is said of every such file gives way to what is said of the part of a notebook. */
static bool gives_way(const struct place *place)
{
	return place == &notebook || place == &archive;
}

const struct place *place_find(struct slice path, enum where where, enum cell_part part)
{
	const struct place *place = places_in_notebook[part];

	if (where == WHERE_CONFIG || path_matches(path, SLICE(".git/config")))
		return &git_config;
	for (size_t i = 0; where == WHERE_BLOB && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (path_matches(path, slice_str(rows[i].pattern)) &&
		    (!place || !gives_way(rows[i].place)))
			return rows[i].place;
	return place;
}

/* ---- by what was undone ---- */

static const struct place assembled = {
	"assembled", "It does not stand here in one piece: the parts were put together, and make "
		     "a token of exactly the right form. That is a little less sure, and so "
		     "counts one step less; whoever reads the file can do the same."};

static const struct place coded = {
	"coded", "Base64 and the like hide nothing: whoever gets the file turns it back with one "
		 "command."};

const struct place *place_of_forms(const struct decodings *decoded)
{
	const struct place *place = NULL;

	for (size_t i = 0; i < decoded->count; i++)
		if (decoded->list[i] == DECODED_JOINED || decoded->list[i] == DECODED_UNWRAPPED)
			return &assembled;
		else if (decoded->list[i] == DECODED_BASE64 || decoded->list[i] == DECODED_HEX)
			place = &coded;
	return place;
}

bool place_is_for_tokens(const struct place *place)
{
	return place && (place == &dotenv || place == &token_file || place == &stored_tokens ||
			 place == &netrc || place == &streamlit);
}
