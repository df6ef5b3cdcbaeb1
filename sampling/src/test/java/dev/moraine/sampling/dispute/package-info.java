@NullMarked
package dev.moraine.sampling.dispute;

import org.jspecify.annotations.NullMarked;
