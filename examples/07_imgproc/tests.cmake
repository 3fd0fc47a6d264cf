# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the program 07_imgproc as a whole; those of its parts are in unit_tests/07_imgproc.

set(images "${PROJECT_BINARY_DIR}/cmake/07_imgproc images")
add_test(NAME examples.07_imgproc_test_images COMMAND 07_imgproc_test_images "${images}")
set_tests_properties(examples.07_imgproc_test_images PROPERTIES LABELS examples TIMEOUT 120 FIXTURES_SETUP imgproc_images)
string(
  CONCAT imgproc_output
         "broken.jpg: skipped: is neither JPEG nor PNG\n"
         "[^\n]*/empty.png: skipped: is empty\n"
         "[^\n]*/gradient.jpg: 96x80, mean colour 12[5-8] 12[5-8] 12[5-8]\n"
         "[^\n]*/gradient.png: 96x80, mean colour 126 125 126\n"
         "[^\n]*/more/orange.JPEG: 200x50, mean colour (249|250|251) (119|120|121) (9|10|11)\n"
         "[^\n]*/more/teal.png: 7x3, mean colour 0 128 129\n"
         "[^\n]*/truncated.jpg: skipped: Premature end of JPEG file\n"
         "[^\n]*/truncated.png: skipped: [^\n]+\n"
         "4 of 8 files done\n"
         "t1-t0= [0-9.]+\n")
foreach(workers 1 2)
  set(name 07_imgproc_with_${workers}_workers)
  torc_example_on_ranks(${name} WORKERS ${workers} OUTPUT "${imgproc_output}" COMMAND 07_imgproc "${images}")
  foreach(ranks 1 2 4)
    if(TEST examples.${name}_on_${ranks}_ranks)
      set_tests_properties(examples.${name}_on_${ranks}_ranks PROPERTIES FIXTURES_REQUIRED imgproc_images)
    endif()
  endforeach()
endforeach()

torc_example_on_ranks(07_imgproc_without_a_folder STATUS 2 ERROR "usage: 07_imgproc <path>\n" COMMAND 07_imgproc)
torc_example_on_ranks(
  07_imgproc_of_a_missing_folder STATUS 2
  ERROR "07_imgproc: cannot list /no/such/folder: No such file or directory .07_imgproc --help explains the options.\n"
  COMMAND 07_imgproc /no/such/folder)
torc_example_test(
  07_imgproc_of_a_file STATUS 2 ERROR "(^|\n)07_imgproc: cannot list [^\n]*/tests.cmake: Not a directory "
  COMMAND 07_imgproc "${PROJECT_SOURCE_DIR}/examples/tests.cmake")
torc_example_test(
  07_imgproc_of_a_folder_without_images STATUS 2 ERROR "(^|\n)07_imgproc: no .jpg, .jpeg or .png file below [^\n]*\n"
  COMMAND 07_imgproc "${PROJECT_SOURCE_DIR}/ci")
torc_example_test(
  07_imgproc_with_an_unknown_flag STATUS 2 ERROR "(^|\n)07_imgproc: The following arguments? (was|were) not expected: --depth "
  COMMAND 07_imgproc "${PROJECT_SOURCE_DIR}/ci" --depth)
