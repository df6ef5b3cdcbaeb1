package dev.moraine.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The module table of the README, as rules: what each folder may use, and which types stay where. */
class ModuleRulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What tests share comes from a jar, which the option above takes for production code.
            .withImportOption(location -> !location.contains("/dev/moraine/testing/"))
            .importPackages("dev.moraine");

    private static final String AGRONA = "org.agrona..";
    private static final String NETTY = "io.netty..";
    private static final String CODEC = "dev.moraine.codec..";
    private static final String PROOFS = "dev.moraine.proofs..";
    private static final String STORAGE = "dev.moraine.storage..";
    private static final String WIRE = "dev.moraine.wire..";

    @TestFactory
    List<DynamicTest> everyModuleUsesOnlyWhatItsRowAllows() {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(module(CODEC, "jdk.incubator.vector.."));
        tests.add(module(PROOFS, CODEC, "supranational.blst..", "org.bouncycastle..", "jdk.incubator.vector.."));
        tests.add(module(STORAGE, CODEC, PROOFS, AGRONA));
        tests.add(module(WIRE, NETTY, AGRONA));
        tests.add(module("dev.moraine.ingest..", CODEC, PROOFS, WIRE, AGRONA, "com.lmax.disruptor.."));
        tests.add(module("dev.moraine.sampling..", CODEC, PROOFS, STORAGE, WIRE, AGRONA));
        tests.add(module(
                "dev.moraine.node..",
                CODEC,
                PROOFS,
                STORAGE,
                WIRE,
                "dev.moraine.ingest..",
                "dev.moraine.sampling..",
                "org.snakeyaml.engine..",
                AGRONA,
                NETTY,
                "picocli..",
                "org.bouncycastle.crypto..",
                "com.fasterxml.jackson.."));
        return tests;
    }

    private static DynamicTest module(String module, String... allowed) {
        List<String> packages = new ArrayList<>(List.of(allowed));
        packages.addAll(List.of(module, "java..", "javax..", "org.jspecify.annotations.."));
        return DynamicTest.dynamicTest(module, () -> classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages.toArray(String[]::new))
                .check(CLASSES));
    }

    @Test
    void theRulesSeeEveryModule() {
        for (String module : List.of("codec", "proofs", "storage", "wire", "ingest", "sampling", "node")) {
            assertTrue(
                    CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith("dev.moraine." + module)),
                    "no class of dev.moraine." + module + " was found");
        }
    }

    @Test
    void vectorApiTypesStayBehindPackagePrivateClasses() {
        noClasses()
                .that()
                .haveModifier(JavaModifier.PUBLIC)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }

    @Test
    void theSignatureLibraryStaysBehindOneClass() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.moraine\\.proofs\\.certificate\\.BlsNative(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("supranational.blst..")
                .check(CLASSES);
    }

    @Test
    void agronaBuffersStayInWireAndStorage() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WIRE, STORAGE)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are Agrona buffers",
                        type -> type.getPackageName().equals("org.agrona") && type.getSimpleName().endsWith("Buffer")))
                .check(CLASSES);
    }

    @Test
    void nobodyReachesAroundTheMemoryChecks() {
        noClasses().should().dependOnClassesThat().haveSimpleName("Unsafe").check(CLASSES);
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.moraine.node.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void clocksAreHandedInBelowTheNode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.moraine.node..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() {
        classes()
                .that()
                .resideOutsideOfPackage("dev.moraine.wire.sbe..")
                .should(new ArchCondition<JavaClass>("be in a package with a null-marked package-info") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean isMarked = type.getPackage()
                                .tryGetAnnotationOfType("org.jspecify.annotations.NullMarked")
                                .isPresent();
                        events.add(new SimpleConditionEvent(type, isMarked, type.getName()));
                    }
                })
                .check(CLASSES);
    }
}
