/** Who stores what and when: the committee of a deployment, its epochs, and the shard of every sliver pair. */
@NullMarked
package dev.moraine.proofs.committee;

import org.jspecify.annotations.NullMarked;
