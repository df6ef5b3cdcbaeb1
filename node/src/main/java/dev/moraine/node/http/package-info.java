/** An HTTP/1.1 server with a limit on everything, route tables, and the text that Prometheus scrapes. */
@NullMarked
package dev.moraine.node.http;

import org.jspecify.annotations.NullMarked;
