/** Properties of the code, against vectors that other implementations made. */
@NullMarked
package dev.moraine.codec;

import org.jspecify.annotations.NullMarked;
