/*
 * Where others may have the token it is made worthless first and cleaned up
 * second. Where a token is deleted: huggingface/hub-docs
 * docs/hub/security-tokens.md. That $HF_TOKEN, a login and a Colab secret are
 * found without any code: huggingface/huggingface_hub
 * src/huggingface_hub/utils/_auth.py, get_token().
 */
#include "report/remedy.h"

/* ---- steps ---- */

static const struct step delete_it = {{
	"Delete the token where it was made (a user token: huggingface.co → Settings → Access "
	"Tokens): that is quick and sure. Create a new one and give that to your programs.",
	"Elimina el token donde se creó (uno de usuario: huggingface.co → Settings → Access "
	"Tokens): es rápido y seguro. Crea uno nuevo y dáselo a tus programas.",
}};

static const struct step delete_now = {{
	"Delete the token now, where it was made (a user token: huggingface.co → Settings → "
	"Access Tokens). Create a new one and give that to your programs.",
	"Elimina el token ahora mismo donde se creó (uno de usuario: huggingface.co → Settings "
	"→ Access Tokens). Crea uno nuevo y dáselo a tus programas.",
}};

static const struct step delete_if_shared = {{
	"If anybody else ever got the file (mail, chat, shared drive, screenshot), delete the "
	"token too (a user token: huggingface.co → Settings → Access Tokens).",
	"Si alguien más recibió el archivo alguna vez (correo, chat, carpeta compartida, "
	"captura de pantalla), elimina también el token (uno de usuario: huggingface.co → "
	"Settings → Access Tokens).",
}};

static const struct step read_it_instead = {{
	"Take it out of the file. huggingface_hub finds a token by itself in the environment "
	"variable HF_TOKEN, after login() or `hf auth login`, and in Colab's Secrets (the key "
	"symbol) under the name HF_TOKEN.",
	"Quítalo del archivo. huggingface_hub encuentra por sí solo un token en la variable de "
	"entorno HF_TOKEN, después de login() o `hf auth login`, y en Secrets de Colab (el "
	"símbolo de la llave) con el nombre HF_TOKEN.",
}};

static const struct step not_published = {{
	"git does not publish this file, so the token may stay if this is the place for it. A "
	"zip, an upload or a copy of the folder takes it along.",
	"git no publica este archivo, así que el token puede quedarse si este es su lugar. Un "
	"zip, una subida o una copia de la carpeta se lo lleva.",
}};

static const struct step only_leftovers = {{
	"No branch holds it any more, only what git keeps for a while. A push does not send "
	"it, a copy of the folder does.",
	"Ya no está en ninguna rama, solo en lo que git guarda por un tiempo. Un push no lo "
	"envía; una copia de la carpeta, sí.",
}};

static const struct step before_add = {{
	"Do it before `git add`: this is in no commit yet.",
	"Hazlo antes de `git add`: esto todavía no está en ningún commit.",
}};

static const struct step unstage = {{
	"Do not commit yet. `git restore --staged FILE` takes the file out of the next commit "
	"(`git rm --cached FILE` if it would be the first one).",
	"No hagas commit todavía. `git restore --staged ARCHIVO` saca el archivo del próximo "
	"commit (`git rm --cached ARCHIVO` si fuera el primero).",
}};

static const struct step no_push_yet = {{
	"Do not push yet: the commit takes the token along, even if a later one removes it.",
	"No hagas push todavía: el commit se lleva el token, aunque uno posterior lo quite.",
}};

static const struct step rewrite = {{
	"Rewrite before pushing: `git commit --amend` if it came with the last commit, `git "
	"rebase -i` if it is older.",
	"Reescribe antes del push: `git commit --amend` si llegó con el último commit, `git "
	"rebase -i` si es anterior.",
}};

static const struct step not_enough = {{
	"It was published, and others may have it: to remove the line, or to rewrite the "
	"history, is not enough without that.",
	"Ya se publicó y otros pueden tenerlo: sin lo anterior no basta con quitar la línea ni "
	"con reescribir el historial.",
}};

static const struct step new_remote = {{
	"Take it out of the remote's address: `git remote -v` shows it, `git remote set-url "
	"origin https://huggingface.co/USER/REPO` replaces it.",
	"Quítalo de la dirección del remoto: `git remote -v` la muestra, `git remote set-url "
	"origin https://huggingface.co/USUARIO/REPO` la reemplaza.",
}};

static const struct step login_for_git = {{
	"`hf auth login --add-to-git-credential` gives git the token without it standing in an "
	"address.",
	"`hf auth login --add-to-git-credential` da el token a git sin escribirlo en una "
	"dirección.",
}};

static const struct step rename_it = {{
	"Rename the file or folder: whoever sees a list of files sees its name.",
	"Cambia el nombre del archivo o de la carpeta: quien ve la lista de archivos lo ve.",
}};

/* ---- remedies ---- */

/* By exposure, for what a file holds. */
static const struct remedy in_file[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = {{&read_it_instead, &delete_if_shared}},
	[EXPOSURE_IGNORED] = {{&not_published, &delete_if_shared}},
	[EXPOSURE_UNREACHABLE] = {{&only_leftovers, &delete_if_shared}},
	[EXPOSURE_WORKTREE] = {{&read_it_instead, &before_add, &delete_if_shared}},
	[EXPOSURE_STAGED] = {{&unstage, &read_it_instead, &delete_if_shared}},
	[EXPOSURE_COMMITTED] = {{&no_push_yet, &delete_it, &read_it_instead, &rewrite}},
	[EXPOSURE_PUSHED] = {{&delete_now, &not_enough, &read_it_instead}},
};

/* git's own settings are neither committed nor pushed. */
static const struct remedy in_config = {{&new_remote, &login_for_git, &delete_if_shared}};

/* By exposure, for what the name of a file or folder holds. */
static const struct remedy in_name[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_IGNORED] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_UNREACHABLE] = {{&only_leftovers, &delete_if_shared}},
	[EXPOSURE_WORKTREE] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_STAGED] = {{&unstage, &rename_it, &delete_if_shared}},
	[EXPOSURE_COMMITTED] = {{&no_push_yet, &delete_it, &rename_it, &rewrite}},
	[EXPOSURE_PUSHED] = {{&delete_now, &not_enough, &rename_it}},
};

const struct remedy *remedy_find(enum exposure exposure, enum where where)
{
	if (where == WHERE_CONFIG)
		return &in_config;
	return where == WHERE_PATH ? &in_name[exposure] : &in_file[exposure];
}
