# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dprogram=TMCMC -Dfolder=DIR -P no_gnuplot.cmake: where there is no gnuplot, the samples and the script are kept.

file(REMOVE_RECURSE "${folder}")
file(MAKE_DIRECTORY "${folder}/empty path")
set(ENV{PATH} "${folder}/empty path")
execute_process(COMMAND "${program}" --samples 100 --steps 2 --output "${folder}/out" OUTPUT_VARIABLE output
                        COMMAND_ERROR_IS_FATAL ANY)
message("${output}")
if(NOT output MATCHES "no picture, because gnuplot was not found: install it .Debian and Ubuntu: apt-get install gnuplot-nox")
  message(FATAL_ERROR "the message does not name the package")
endif()
foreach(file samples.csv bands.csv pelts.csv calibration.gp)
  if(NOT EXISTS "${folder}/out/${file}")
    message(FATAL_ERROR "${file} was not written")
  endif()
endforeach()
