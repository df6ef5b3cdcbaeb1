/** Coverage-guided tests of whatever decodes bytes of others. */
@NullMarked
package dev.moraine.wire.fuzz;

import org.jspecify.annotations.NullMarked;
