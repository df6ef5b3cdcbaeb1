/** What holds for the module as a whole. */
@NullMarked
package dev.moraine.proofs;

import org.jspecify.annotations.NullMarked;
