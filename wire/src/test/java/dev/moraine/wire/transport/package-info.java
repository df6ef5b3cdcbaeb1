/** Properties of servers and connections, over every transport that works where the tests run. */
@NullMarked
package dev.moraine.wire.transport;

import org.jspecify.annotations.NullMarked;
