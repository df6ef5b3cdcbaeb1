/** The gateway's memory of what it acknowledged: certificates that survive its end, whatever ends it. */
@NullMarked
package dev.moraine.ingest.journal;

import org.jspecify.annotations.NullMarked;
