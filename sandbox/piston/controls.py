"""Programs whose outcome is known. They tell what a server does, and how much it lets out."""

from collections.abc import Mapping

from sandbox.job import Language

# Each prints the first number of its input plus the second.
SUM: Mapping[Language, str] = {
    Language.PYTHON: "a, b = map(int, input().split())\nprint(a + b)\n",
    Language.JAVASCRIPT: (
        'const [a, b] = require("fs").readFileSync(0, "utf8").trim().split(" ").map(Number);\n'
        "console.log(a + b);\n"
    ),
    Language.JAVA: (
        "import java.util.Scanner;\n"
        "public class Main { public static void main(String[] args) {\n"
        "  Scanner in = new Scanner(System.in);\n"
        "  System.out.println(in.nextInt() + in.nextInt());\n"
        "} }\n"
    ),
}

# Each prints as many letters as its input says.
FLOOD: Mapping[Language, str] = {
    Language.PYTHON: 'print("x" * int(input()), end="")\n',
    Language.JAVASCRIPT: (
        'process.stdout.write("x".repeat(Number(require("fs").readFileSync(0, "utf8"))));\n'
    ),
    Language.JAVA: (
        "import java.util.Scanner;\n"
        "public class Main { public static void main(String[] args) {\n"
        '  System.out.print("x".repeat(new Scanner(System.in).nextInt()));\n'
        "} }\n"
    ),
}

LOOP: Mapping[Language, str] = {
    Language.PYTHON: "while True:\n    pass\n",
    Language.JAVASCRIPT: "for (;;) ;\n",
    Language.JAVA: (
        "public class Main { public static void main(String[] args) { for (;;) ; } }\n"
    ),
}
