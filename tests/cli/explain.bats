#!/usr/bin/env bats
load helper

@test "every topic that is listed is explained, in both languages" {
	for lang in en es; do
		run -0 hfscan explain --lang $lang
		[ "${#lines[@]}" -ge 6 ]
		while read -r _ _ topic _; do
			run -0 hfscan explain --lang $lang "$topic"
			[ "${#lines[@]}" -ge 4 ] || return 1
			[ "$(wc -L <<<"$output")" -le 80 ] || return 1
		done < <(hfscan explain --lang $lang)
	done
}

@test "either language's name is understood" {
	run -0 hfscan explain --lang en permisos
	[[ $output == "Read, Write, Fine-grained: how much"* ]]
	run -0 hfscan explain --lang es roles
	[[ $output == *"cuánto puede hacer"* ]]
}

@test "a topic that is none is told, and where to look" {
	run -2 --separate-stderr hfscan explain nothing
	[[ $stderr == *"hfscan explain"* ]]
	run -2 hfscan explain token roles
}

@test "each topic says what its title asks, in both languages" {
	local lang topic words
	while IFS='|' read -r lang topic words; do
		run -0 hfscan explain --lang "$lang" "$topic"
		[[ $(tr -s ' \n' ' ' <<<"$output") == *"$words"* ]] || { echo "$lang $topic"; return 1; }
	done <<-'END'
		en|token|a password for programs
		es|token|una contraseña para programas
		en|roles|Read: opens what you may read
		es|permisos|Fine-grained: únicamente los permisos y repositorios que marques
		en|invalid|37 characters: hf_ and 34 more
		es|invalido|va entre comillas dos veces
		en|denied|A read token cannot upload
		es|denegado|no puede subir nada
		en|expired|opens nothing any more
		es|caducado|ya no abre nada
		en|sharing|A screenshot of a notebook
		es|compartir|Lo enviado se puede reenviar y buscar
		en|leaked|1. Delete it
		es|filtrado|1. Elimínalo
	END
}
