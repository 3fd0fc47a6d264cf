// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// Files of this folder, compiled in: the program needs nothing at run time, wherever and on whichever node it runs.
namespace tmcmc::embedded {

extern const char* const lynx_hare_csv;
extern const char* const lynx_hare_plot;
extern const char* const plane_plot;
extern const char* const argon_csv;
extern const char* const argon_plot;

}  // namespace tmcmc::embedded
