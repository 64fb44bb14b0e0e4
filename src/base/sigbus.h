/*
 * What becomes of a file that is cut short while it is mapped: the kernel answers the next
 * look at what is gone with SIGBUS. Git never changes a pack, but whoever copies over one, or
 * takes a network drive away, does; git itself dies of it.
 */
#ifndef BASE_SIGBUS_H
#define BASE_SIGBUS_H

/* From here on that ends the process with a line on standard error and exit code 2, with no
 * report: never a crash without a word, and never as if all had been read. Once, in main(). */
void sigbus_handle(void);

#endif
