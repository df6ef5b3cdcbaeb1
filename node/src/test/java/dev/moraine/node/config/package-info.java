/** Tests of configuration files. */
@NullMarked
package dev.moraine.node.config;

import org.jspecify.annotations.NullMarked;
