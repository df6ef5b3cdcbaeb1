/** Verdicts on whole blobs: how a node comes to one, and how a client comes to one that binds. */
@NullMarked
package dev.moraine.sampling.audit;

import org.jspecify.annotations.NullMarked;
