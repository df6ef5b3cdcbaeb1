package dev.moraine.sampling.scripted;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a member treats requests. */
public enum Behaviour {
    /** Answers as it should. */
    HONEST(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            return member.honest(request);
        }
    },
    /** Says nothing at all. */
    SILENT(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            return List.of();
        }
    },
    /** Says that it does not hold it. */
    NOT_FOUND(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            return List.of(new Failure(request.requestId(), FailureCode.NOT_FOUND, "scripted"));
        }
    },
    /** Is busy for every other request. */
    BUSY_AT_TIMES(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            return member.countRequest() % 2 == 1
                    ? List.of(new Busy(request.requestId(), 1))
                    : member.honest(request);
        }
    },
    /** Answers, but begins with answers that nobody asked for, and repeats itself when all was said. */
    TALKATIVE(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> answers = new ArrayList<>();
            answers.add(new MetadataAnswer(request.requestId() + 1_000_000, new byte[46]));
            answers.addAll(member.honest(request));
            answers.addAll(member.honest(request));
            return answers;
        }
    },
    /** Breaks the connection after the first message of the answer. */
    BREAKS_OFF(false) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> honest = member.honest(request);
            return honest.subList(0, honest.size() > 1 ? 1 : 0);
        }

        @Override
        void act(ScriptedMember member, PeerChannel to, Message request) {
            super.act(member, to, request);
            to.close();
        }
    },
    /** Answers with one bit wrong. */
    CORRUPT(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> honest = new ArrayList<>(member.honest(request));
            honest.set(0, withBytes(honest.getFirst(), Behaviour::flipped));
            return honest;
        }
    },
    /** Answers for another index, or another blob, under the label of what was asked for. */
    ANOTHER(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            int shards = member.shards();
            return switch (request) {
                case GetMetadata get -> List.of(new MetadataAnswer(
                        get.requestId(), member.otherBlob().metadata().encode()));
                case GetSliver get -> relabelled(
                        member.data(new GetSliver(
                                get.requestId(), get.blobId(), (get.pairIndex() + 1) % shards, get.part())),
                        get.pairIndex(),
                        get.part());
                case GetSymbols get -> member.data(new GetSymbols(
                        get.requestId(),
                        get.axis(),
                        get.blobIds(),
                        get.coordinates().stream()
                                .map(each -> new Coordinate(
                                        each.blob(), (each.row() + 1) % shards, (each.column() + 1) % shards))
                                .toList()));
                case GetChunks get -> member.data(new GetChunks(
                        get.requestId(),
                        get.blobId(),
                        get.row(),
                        (get.column() + 1) % shards,
                        get.firstChunk(),
                        get.chunkCount()));
                default -> member.honest(request);
            };
        }
    },
    /** Sends more than was asked for, and announces it. */
    TOO_LONG(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> longer = new ArrayList<>();
            for (Message message : member.honest(request)) {
                longer.add(resized(message, 64));
            }
            return longer;
        }
    },
    /** Sends less than was asked for, and announces it. */
    TOO_SHORT(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> shorter = new ArrayList<>();
            for (Message message : member.honest(request)) {
                shorter.add(resized(message, -1));
            }
            return shorter;
        }
    },
    /** Announces another length in the middle, and sends beyond the first one. */
    GROWS(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> honest = new ArrayList<>(member.honest(request));
            honest.set(honest.size() - 1, resized(honest.getLast(), 64));
            return honest;
        }
    },
    /** Leaves the first piece out. */
    SKIPS(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> honest = member.honest(request);
            return honest.size() > 1 ? honest.subList(1, honest.size()) : WRONG_TYPE.answer(member, request);
        }
    },
    /** Sends the first piece twice. */
    REPEATS(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            List<Message> honest = new ArrayList<>(member.honest(request));
            honest.add(0, honest.getFirst());
            return honest.size() > 2 ? honest : WRONG_TYPE.answer(member, request);
        }
    },
    /** Sends the other sliver of the pair, or a piece labelled so. */
    WRONG_PART(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            if (!(request instanceof GetSliver get)) {
                return WRONG_TYPE.answer(member, request);
            }
            Part other = get.part() == Part.PRIMARY ? Part.SECONDARY : Part.PRIMARY;
            return member.data(new GetSliver(get.requestId(), get.blobId(), get.pairIndex(), other));
        }
    },
    /** Sends a message that answers something else. */
    WRONG_TYPE(true) {
        @Override
        List<Message> answer(ScriptedMember member, Message request) {
            return List.of(new HealthAnswer(request.requestId(), 0, 0, 0, 0));
        }
    };

    private final boolean lie;

    Behaviour(boolean lie) {
        this.lie = lie;
    }

    /** Whether a reader that looks at the answer can tell that the member lies. */
    public boolean isLie() {
        return lie;
    }

    abstract List<Message> answer(ScriptedMember member, Message request);

    void act(ScriptedMember member, PeerChannel to, Message request) {
        for (Message message : answer(member, request)) {
            to.send(message);
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[flipped.length / 2] ^= 0x10;
        return flipped;
    }

    private static List<Message> relabelled(List<Message> pieces, int pairIndex, Part part) {
        List<Message> relabelled = new ArrayList<>();
        for (Message message : pieces) {
            SliverData piece = (SliverData) message;
            relabelled.add(new SliverData(
                    piece.requestId(), 0, pairIndex, part, piece.offset(), piece.totalBytes(), piece.data()));
        }
        return relabelled;
    }

    private static Message withBytes(Message message, UnaryOperator<byte[]> change) {
        return switch (message) {
            case SliverData piece -> new SliverData(
                    piece.requestId(),
                    piece.entry(),
                    piece.pairIndex(),
                    piece.part(),
                    piece.offset(),
                    piece.totalBytes(),
                    MemorySegment.ofArray(change.apply(piece.data().toArray(ValueLayout.JAVA_BYTE))));
            case MetadataAnswer answer -> new MetadataAnswer(answer.requestId(), change.apply(answer.metadata()));
            case ChunksAnswer answer -> new ChunksAnswer(
                    answer.requestId(), answer.offset(), answer.totalBytes(), change.apply(answer.proofs()));
            case SymbolsAnswer answer -> new SymbolsAnswer(
                    answer.requestId(),
                    answer.firstIndex(),
                    answer.isLast(),
                    answer.symbols().stream()
                            .map(each -> each.failure() != null
                                    ? each
                                    : new SymbolAnswer(
                                            null, each.offset(), each.totalBytes(), change.apply(each.proof())))
                            .toList());
            default -> message;
        };
    }

    /** Announces more or less, and moves the end of the last piece with it. */
    private static Message resized(Message message, int byBytes) {
        UnaryOperator<byte[]> resize = bytes -> Arrays.copyOf(bytes, bytes.length + byBytes);
        return switch (message) {
            case SliverData piece -> {
                byte[] data = piece.data().toArray(ValueLayout.JAVA_BYTE);
                yield new SliverData(
                        piece.requestId(),
                        piece.entry(),
                        piece.pairIndex(),
                        piece.part(),
                        piece.offset(),
                        piece.totalBytes() + byBytes,
                        MemorySegment.ofArray(piece.isLast() ? resize.apply(data) : data));
            }
            case MetadataAnswer answer -> new MetadataAnswer(answer.requestId(), resize.apply(answer.metadata()));
            case ChunksAnswer answer -> new ChunksAnswer(
                    answer.requestId(),
                    answer.offset(),
                    answer.totalBytes() + byBytes,
                    answer.isLast() ? resize.apply(answer.proofs()) : answer.proofs());
            case SymbolsAnswer answer -> new SymbolsAnswer(
                    answer.requestId(),
                    answer.firstIndex(),
                    answer.isLast(),
                    answer.symbols().stream()
                            .map(each -> each.failure() != null
                                    ? each
                                    : SymbolAnswer.whole(resize.apply(each.proof())))
                            .toList());
            default -> message;
        };
    }
}
