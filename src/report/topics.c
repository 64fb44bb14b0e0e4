/*
 * Kinds of tokens and what they may do: hub-docs, docs/hub/security-tokens.md. Where
 * huggingface_hub looks for one: src/huggingface_hub/utils/_auth.py. That the Hub refuses
 * commits with live tokens: docs/hub/security-secrets.md.
 */
#include "report/topics.h"

#include <stddef.h>
#include <string.h>

static const struct topic table[] = {
	{
		{"token", "token"},
		{"What a token is", "Qué es un token"},
		{
			{
				"A token (hf_ and 34 letters and digits) is a password for "
				"programs. "
				"Whoever has it acts as its owner at Hugging Face, from anywhere, "
				"without "
				"being asked for anything else. It works until it is deleted or "
				"expires.",
				"It belongs in a place that programs read and nobody publishes. "
				"huggingface_hub finds it by itself in the environment variable "
				"HF_TOKEN, in "
				"the file that login() or `hf auth login` writes in your home "
				"folder, and in "
				"Colab's Secrets (the key symbol) under the name HF_TOKEN. So the "
				"code needs "
				"no token in it:",
				"    from huggingface_hub import login\n    login()",
				"One token for each person and each project: one that leaks can "
				"then be "
				"deleted without stopping anything else, and it is known whose it "
				"was.",
			},
			{
				"Un token (hf_ y 34 letras y cifras) es una contraseña para "
				"programas. Quien "
				"lo tiene actúa como su dueño en Hugging Face, desde cualquier "
				"lugar, sin "
				"que se le pida nada más. Funciona hasta que se elimina o caduca.",
				"Su sitio es un lugar que los programas leen y nadie publica. "
				"huggingface_hub lo encuentra solo en la variable de entorno "
				"HF_TOKEN, en el "
				"archivo que login() o `hf auth login` guardan en tu carpeta "
				"personal, y en "
				"los Secrets de Colab (el símbolo de la llave) con el nombre "
				"HF_TOKEN. Así "
				"el código no necesita ningún token:",
				"    from huggingface_hub import login\n    login()",
				"Un token por persona y por proyecto: si uno se filtra, se puede "
				"eliminar "
				"sin detener lo demás, y se sabe de quién era.",
			},
		},
	},
	{
		{"roles", "permisos"},
		{"Read, Write, Fine-grained: how much a token may do",
		 "Read, Write, Fine-grained: cuánto puede hacer un token"},
		{
			{
				"Read: opens what you may read, private and gated repositories "
				"included. "
				"Enough to download models and datasets and to run inference.",
				"Write: also uploads, changes and deletes. Only for what publishes "
				"models, "
				"and only for as long as it does.",
				"Fine-grained: only the permissions and repositories that you "
				"tick. The best "
				"choice for a job that runs without you.",
				"Take the least that does the work: it is the most that a leak can "
				"give away. "
				"Which role a token has cannot be seen from its letters; `hfscan "
				"verify` asks "
				"for it.",
			},
			{
				"Read: abre lo que tú puedes leer, también repositorios privados y "
				"de acceso "
				"restringido. Basta para descargar modelos y conjuntos de datos y "
				"para hacer "
				"inferencia.",
				"Write: además sube, cambia y borra. Solo para lo que publica "
				"modelos, y solo "
				"mientras lo haga.",
				"Fine-grained: únicamente los permisos y repositorios que marques. "
				"La mejor "
				"opción para un trabajo que se ejecuta sin ti.",
				"Elige lo mínimo que sirva: es lo máximo que una filtración puede "
				"regalar. Qué "
				"permiso tiene un token no se ve en sus letras; `hfscan verify` lo "
				"pregunta.",
			},
		},
	},
	{
		{"invalid", "invalido"},
		{"\"Invalid token\"", "«Invalid token»"},
		{
			{
				"The token did not arrive as it was created. Most often a letter "
				"is missing at "
				"an end, a blank or a line end came along when it was copied, or "
				"quotes stand "
				"in it twice. A user token has 37 characters: hf_ and 34 more.",
				"Or it was deleted: look at huggingface.co/settings/tokens. A "
				"token is shown "
				"once, when it is created; if you do not have it any more, make a "
				"new one.",
				"Do not print it to compare: what a cell prints stays in the "
				"notebook. This "
				"tells its length and no more:",
				"    import os\n    len(os.environ[\"HF_TOKEN\"])",
			},
			{
				"El token no llegó como se creó. Casi siempre falta una letra al "
				"principio o al "
				"final, se copió con un espacio o un salto de línea, o tiene "
				"comillas dobles de "
				"más. Un token de usuario tiene 37 caracteres: hf_ y 34 más.",
				"O se eliminó: mira en huggingface.co/settings/tokens. Un token se "
				"muestra una "
				"sola vez, al crearlo; si ya no lo tienes, crea otro.",
				"No lo imprimas para compararlo: lo que imprime una celda se queda "
				"en el "
				"cuaderno. Esto dice cuánto mide y nada más:",
				"    import os\n    len(os.environ[\"HF_TOKEN\"])",
			},
		},
	},
	{
		{"denied", "denegado"},
		{"\"Permission denied\"", "«Permission denied»"},
		{
			{
				"The token works, but may not do this. A read token cannot upload; "
				"a "
				"fine-grained one may only what was ticked; of a gated model its "
				"page asks you "
				"to accept the conditions first, with the account the token "
				"belongs to.",
				"An organisation may refuse a token, too, by a rule of its own: "
				"ask its "
				"administrators.",
				"Give it no more than it needs: a second token with Write for the "
				"one program "
				"that uploads is better than Write for all.",
			},
			{
				"El token funciona, pero no puede hacer esto. Uno de lectura "
				"(Read) no puede "
				"subir nada; uno Fine-grained solo puede lo que se marcó; un "
				"modelo de acceso "
				"restringido pide antes, en su página, aceptar las condiciones con "
				"la cuenta "
				"del token.",
				"Una organización también puede rechazar un token por una regla "
				"propia: "
				"pregunta a quien la administra.",
				"No le des más de lo necesario: mejor un segundo token con Write "
				"para el único "
				"programa que sube algo que Write para todos.",
			},
		},
	},
	{
		{"expired", "caducado"},
		{"\"Token expired\"", "«Token expired»"},
		{
			{
				"A token with an end date stops by itself; one that signs in "
				"through the "
				"browser (hf_oauth_…) does so after hours. `hf auth login` gets a "
				"new one; one "
				"with a date is made anew at huggingface.co/settings/tokens.",
				"Then put the new one where the old one was kept (HF_TOKEN, "
				"Colab's Secrets), "
				"not into the code.",
				"An expired one opens nothing any more. Where it leaked, its "
				"successor would "
				"leak the same way: take the line out all the same.",
			},
			{
				"Un token con fecha de fin se detiene solo; el que inicia sesión "
				"con el "
				"navegador (hf_oauth_…), al cabo de unas horas. `hf auth login` "
				"consigue otro; "
				"uno con fecha se crea de nuevo en huggingface.co/settings/tokens.",
				"Después pon el nuevo donde estaba el viejo (HF_TOKEN, los Secrets "
				"de Colab), "
				"no en el código.",
				"Uno caducado ya no abre nada. Donde se filtró, su sucesor se "
				"filtraría igual: "
				"quita la línea de todos modos.",
			},
		},
	},
	{
		{"sharing", "compartir"},
		{"Chats, mails, screenshots", "Chats, correos, capturas de pantalla"},
		{
			{
				"A token is never sent: not in a chat, not by mail, not in a "
				"forum, not in an "
				"issue, not to a teacher and not to an assistant. What was sent "
				"can be "
				"forwarded, searched and kept in a backup.",
				"A screenshot of a notebook or terminal shows what its cells and "
				"commands "
				"show. hfscan does not read pictures: look at them yourself.",
				"A notebook that others shall run asks for their token instead of "
				"carrying "
				"yours: login() without an argument, or Colab's Secrets.",
				"If it was sent, delete it: huggingface.co → Settings → Access "
				"Tokens. A new "
				"one costs a minute. `hfscan -` reads a chat export from standard "
				"input.",
			},
			{
				"Un token no se envía nunca: ni en un chat, ni por correo, ni en "
				"un foro, ni en "
				"un issue, ni al profesorado ni a un asistente. Lo enviado se "
				"puede reenviar, "
				"buscar y quedar en una copia de seguridad.",
				"La captura de un cuaderno o de una terminal muestra lo que "
				"muestran sus celdas "
				"y órdenes. hfscan no lee imágenes: revísalas tú.",
				"Un cuaderno que otros van a ejecutar pide el token de cada cual "
				"en lugar de "
				"llevar el tuyo: login() sin argumento, o los Secrets de Colab.",
				"Si ya se envió, elimínalo: huggingface.co → Settings → Access "
				"Tokens. Uno "
				"nuevo cuesta un minuto. `hfscan -` lee la exportación de un chat "
				"por la "
				"entrada estándar.",
			},
		},
	},
	{
		{"leaked", "filtrado"},
		{"A token leaked: what to do", "Se filtró un token: qué hacer"},
		{
			{
				"1. Delete it at huggingface.co → Settings → Access Tokens, or "
				"with `hfscan "
				"revoke`. From then on it opens nothing, wherever it is. When in "
				"doubt whether "
				"anybody saw it: do it.",
				"2. Create a new one, with no more permissions than needed, and "
				"put it where "
				"programs find it: HF_TOKEN, `hf auth login`, Colab's Secrets.",
				"3. Take the old one out of the code and out of the outputs of "
				"notebooks.",
				"4. If it was pushed, a new commit without it is not enough: the "
				"old commit "
				"still has it, and so have clones and forks. That is why step 1 "
				"comes first. "
				"Who wants the history clean all the same: `hfscan "
				"--write-replacements "
				"FILE`, then git filter-repo.",
			},
			{
				"1. Elimínalo en huggingface.co → Settings → Access Tokens, o con "
				"`hfscan "
				"revoke`. Desde ese momento no abre nada, esté donde esté. Si "
				"dudas de que "
				"alguien lo viera: hazlo.",
				"2. Crea uno nuevo, sin más permisos de los necesarios, y ponlo "
				"donde los "
				"programas lo encuentran: HF_TOKEN, `hf auth login`, los Secrets "
				"de Colab.",
				"3. Quita el viejo del código y de las salidas de los cuadernos.",
				"4. Si hubo push, no basta un commit nuevo sin él: el commit viejo "
				"lo conserva, "
				"y también los clones y forks. Por eso el paso 1 va primero. Quien "
				"aun así "
				"quiera limpiar el historial: `hfscan --write-replacements "
				"ARCHIVO` y luego git "
				"filter-repo.",
			},
		},
	},
	{{NULL}, {NULL}, {{NULL}}},
};

const struct topic *topics(void)
{
	return table;
}

const struct topic *topic_find(const char *name)
{
	for (const struct topic *topic = table; topic->names[LANG_EN]; topic++)
		for (unsigned lang = 0; lang < LANG_COUNT; lang++)
			if (strcmp(topic->names[lang], name) == 0)
				return topic;
	return NULL;
}
