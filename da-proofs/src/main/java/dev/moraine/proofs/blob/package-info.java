/** The commitment to a blob: its id, its header, the roots of its rows and columns, and how they are computed. */
@NullMarked
package dev.moraine.proofs.blob;

import org.jspecify.annotations.NullMarked;
