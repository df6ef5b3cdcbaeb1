/** Tests of the HTTP server. */
@NullMarked
package dev.moraine.node.http;

import org.jspecify.annotations.NullMarked;
