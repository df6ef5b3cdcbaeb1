/**
 * The messages of the binary protocol as values, and their one encoding.
 *
 * <p>Ids, roots, keys and signatures are opaque {@code byte[]} of exact length here; what they mean is checked
 * elsewhere.
 */
@NullMarked
package dev.moraine.wire.message;

import org.jspecify.annotations.NullMarked;
