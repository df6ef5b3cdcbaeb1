/** The rules between the modules, checked on their compiled classes. */
@NullMarked
package dev.moraine.node;

import org.jspecify.annotations.NullMarked;
