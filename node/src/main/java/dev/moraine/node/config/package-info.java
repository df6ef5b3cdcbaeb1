/** Configuration files of processes: YAML in which every key is known, documented and checked. */
@NullMarked
package dev.moraine.node.config;

import org.jspecify.annotations.NullMarked;
