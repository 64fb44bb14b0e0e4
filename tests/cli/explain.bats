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
