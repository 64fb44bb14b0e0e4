# What the tests of odd repositories and places share.

# look OPTION... [PATH]: with one thread and with eight, which must say the same;
# leaves report, errors and status beside the folder.
look()
{
	local again=0
	status=0
	hfscan -f jsonl -j 1 "$@" >../report 2>../errors || status=$?
	hfscan -f jsonl -j 8 "$@" >../report8 2>../errors8 || again=$?
	diff <(without_seconds <../report) <(without_seconds <../report8)
	diff ../errors ../errors8
	[ "$status" -eq "$again" ]
}
