/**
 * One operation of a stack, as its events tell it: when it began, what is done, what runs, and why
 * it failed. Knows no clock, no terminal and no Slack.
 */
@NullMarked
package deployctl.operation;

import org.jspecify.annotations.NullMarked;
