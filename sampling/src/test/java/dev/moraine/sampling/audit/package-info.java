/** Tests of verdicts. */
@NullMarked
package dev.moraine.sampling.audit;

import org.jspecify.annotations.NullMarked;
