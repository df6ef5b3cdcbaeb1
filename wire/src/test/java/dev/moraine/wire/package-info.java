/** What is promised to those who write other clients. */
@NullMarked
package dev.moraine.wire;

import org.jspecify.annotations.NullMarked;
