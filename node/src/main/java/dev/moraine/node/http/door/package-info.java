/** What gateways and storage nodes offer over HTTP: blobs, the OP Stack's alt-DA interface, health and measurements. */
@NullMarked
package dev.moraine.node.http.door;

import org.jspecify.annotations.NullMarked;
