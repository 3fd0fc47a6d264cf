# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the program argon as a whole; those of its parts are in unit_tests/argon.

set(estimate "-?[0-9]+[.][0-9]+ [+]- [0-9]+[.][0-9]+")
torc_example_on_ranks(
  argon_two_states RANKS 1 2
  OUTPUT "2 states on [A-Za-z]+, 200 steps after 100\n" "T = 0.85, density = 0.776, 256 atoms: U/N = ${estimate}, p = ${estimate}"
         "    NIST: U/N = -5.5121 [+]- 0.0004: [+-][0-9.]+ sigma, p = 0.0067714: [+-][0-9.]+ sigma\n" "T = 0.85, density = 0.5, 256 atoms: "
  COMMAND argon --atoms 256 --density 0.776,0.5 --cutoff 2.5 --steps 200 --equilibration 100)
torc_example_test(
  argon_at_constant_energy OUTPUT "drift of the energy = -?[0-9.e+-]+ an atom and time"
  COMMAND argon --atoms 256 --cutoff 2.5 --steps 200 --equilibration 100 --nve)
torc_example_test(
  argon_tells_how_far_it_is OUTPUT "density = 0.776, 500 atoms: " ERROR "argon: T 0.85 density 0.776: [0-9]+ of 3000 steps, .* s to go\n"
  COMMAND argon --steps 3000 --equilibration 100 --tell-every 0.1)
# At length, some minutes on demand: argon --nist. A lattice that has not yet melted is far off.
torc_example_test(
  argon_nist_of_too_few_steps STATUS 1 OUTPUT "3 states on .*density = 0.776, 500 atoms: .*\n    NIST: "
  COMMAND argon --nist --steps 4 --equilibration 0 --sample-every 1)
torc_example_test(argon_nist_at_a_density STATUS 2 ERROR "(^|\n)argon: --density: not with --nist, which says it" COMMAND argon --nist --density 1)
torc_example_test(
  argon_with_too_few_atoms STATUS 2
  ERROR "(^|\n)argon: cutoff 3 is more than half of the box, whose edge is 5.051: take more atoms .at least 168. or a shorter cutoff .argon --help explains the options.\n"
  COMMAND argon --atoms 100)
torc_example_test(argon_of_no_density STATUS 2 ERROR "(^|\n)argon: density 0: take one above 0 and up to 1.5 " COMMAND argon --density 0)
torc_example_test(argon_help OUTPUT "--sample-every .*steps" COMMAND argon --help)
