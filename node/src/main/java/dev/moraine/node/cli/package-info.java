/** The command line: a class per subcommand, results on standard output, everything else on standard error. */
@NullMarked
package dev.moraine.node.cli;

import org.jspecify.annotations.NullMarked;
