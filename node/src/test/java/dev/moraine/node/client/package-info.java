/** Tests of the client, against gateways that work and servers that only look like one. */
@NullMarked
package dev.moraine.node.client;

import org.jspecify.annotations.NullMarked;
