# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the program 08_cmaes as a whole; those of its parts are in unit_tests/08_cmaes.

foreach(workers 1 2)
  torc_example_on_ranks(
    08_cmaes_with_${workers}_workers WORKERS ${workers}
    OUTPUT "Iterat #Fevals +function value axis ratio +sigma\n     1       8 "
           "minimum [0-9.]+e-1[1-9] at [[](1.00000|0.99999)[0-9], (1.00000|0.99999)[0-9][]] after [0-9]+ evaluations, ended by tolerance\n"
    COMMAND 08_cmaes)
endforeach()
torc_example_test(
  08_cmaes_with_an_unknown_flag STATUS 2
  ERROR "(^|\n)08_cmaes: The following arguments? (was|were) not expected: --depth .08_cmaes --help explains the options.\n"
  COMMAND 08_cmaes --depth)
torc_example_test(
  08_cmaes_of_a_negative_seed STATUS 2 ERROR "(^|\n)08_cmaes: --seed: Value -1 not in range .?0 " COMMAND 08_cmaes --seed -1)
