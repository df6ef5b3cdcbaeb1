/** Properties of the message encodings. */
@NullMarked
package dev.moraine.wire.message;

import org.jspecify.annotations.NullMarked;
