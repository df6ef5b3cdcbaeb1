package dev.moraine.storage.index;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The functions of liblmdb 0.9 that the index needs, as {@code lmdb.h} declares them, in the library that
 * {@code org.lmdbjava:native} ships. Nothing here checks an argument: only {@link LmdbEnvironment} calls it.
 */
@SuppressWarnings("restricted") // native functions are what this class is for
final class LmdbLibrary {
    static final int NOSUBDIR = 0x4000;
    static final int READ_ONLY = 0x20000;
    static final int NOTLS = 0x200000;
    static final int NO_READAHEAD = 0x800000;
    static final int NOT_FOUND = -30798;
    static final int SUCCESS = 0;

    private static final long MAX_MESSAGE_BYTES = 256;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = load();

    static final MethodHandle ENV_CREATE = ints("mdb_env_create", ADDRESS);
    static final MethodHandle ENV_SET_MAPSIZE = ints("mdb_env_set_mapsize", ADDRESS, JAVA_LONG);
    static final MethodHandle ENV_SET_MAXREADERS = ints("mdb_env_set_maxreaders", ADDRESS, JAVA_INT);
    static final MethodHandle ENV_OPEN = ints("mdb_env_open", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle ENV_CLOSE = none("mdb_env_close", ADDRESS);
    static final MethodHandle TXN_BEGIN = ints("mdb_txn_begin", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle TXN_COMMIT = ints("mdb_txn_commit", ADDRESS);
    static final MethodHandle TXN_ABORT = none("mdb_txn_abort", ADDRESS);
    static final MethodHandle TXN_RESET = none("mdb_txn_reset", ADDRESS);
    static final MethodHandle TXN_RENEW = ints("mdb_txn_renew", ADDRESS);
    static final MethodHandle DBI_OPEN = ints("mdb_dbi_open", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle GET = ints("mdb_get", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle PUT = ints("mdb_put", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle DELETE = ints("mdb_del", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle STRERROR = handle("mdb_strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private LmdbLibrary() {}

    private static MethodHandle ints(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle none(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), descriptor);
    }

    /** What an error number of the library or of the system means. */
    static String message(int error) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(error);
            return text.reinterpret(MAX_MESSAGE_BYTES).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Native functions throw nothing; what comes all the same is an error of the virtual machine. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }

    private static SymbolLookup load() {
        String resource = "/org/lmdbjava/native/" + resourceName();
        try (InputStream in = LmdbLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("no LMDB for this platform: " + resource + " is missing");
            }
            Path copy = Files.createTempFile("moraine-lmdb", ".so");
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(copy, Arena.global());
            } finally {
                // The system keeps what it has loaded.
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new UnsatisfiedLinkError("LMDB cannot be copied out of its jar: " + e);
        }
    }

    private static String resourceName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> throw new UnsatisfiedLinkError("no LMDB for " + System.getProperty("os.arch"));
        };
        if (os.contains("mac")) {
            return arch + "-macos-none.so";
        }
        boolean isMusl = Files.exists(Path.of("/lib/ld-musl-" + arch + ".so.1"))
                && !Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                && !Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
        return arch + "-linux-" + (isMusl ? "musl" : "gnu") + ".so";
    }
}
