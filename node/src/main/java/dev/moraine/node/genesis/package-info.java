/** The genesis file: the JSON form of a committee (protocol, section 5). */
@NullMarked
package dev.moraine.node.genesis;

import org.jspecify.annotations.NullMarked;
