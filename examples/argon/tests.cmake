# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the program argon as a whole; those of its parts are in unit_tests/argon.

set(estimate "-?[0-9]+[.][0-9]+ [+]- [0-9]+[.][0-9]+")
torc_example_on_ranks(
  argon_two_states RANKS 1 2
  OUTPUT "2 states on [A-Za-z]+, 200 steps after 100\n" "T = 0.85, density = 0.776, 256 atoms: U/N = ${estimate}, p = ${estimate}"
         "    NIST: U/N = -5.5121 [+]- 0.0004, p = 0.0067714\n" "T = 0.85, density = 0.5, 256 atoms: "
  COMMAND argon --atoms 256 --density 0.776,0.5 --cutoff 2.5 --steps 200 --equilibration 100)
torc_example_test(
  argon_at_constant_energy OUTPUT "drift of the energy = -?[0-9.e+-]+ an atom and time"
  COMMAND argon --atoms 256 --cutoff 2.5 --steps 200 --equilibration 100 --nve)
torc_example_test(
  argon_with_too_few_atoms STATUS 2
  ERROR "^argon: cutoff 3 is more than half of the box, whose edge is 5.051: take more atoms .at least 168. or a shorter cutoff .argon --help explains the options.\n$"
  COMMAND argon --atoms 100)
torc_example_test(argon_of_no_density STATUS 2 ERROR "^argon: density 0: take one above 0 and up to 1.5 " COMMAND argon --density 0)
torc_example_test(argon_help OUTPUT "--sample-every .*steps" COMMAND argon --help)
