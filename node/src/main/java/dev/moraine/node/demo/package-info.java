/** The demo: an embedded committee on loopback, the batches it is fed, and the steps that it shows. */
@NullMarked
package dev.moraine.node.demo;

import org.jspecify.annotations.NullMarked;
