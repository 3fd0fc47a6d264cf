// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>

#include "core/base/library_call.hpp"

/// Stands between a program and MPI, by MPI's own profiling interface, and notes in which call that may wait each
/// thread is. Linked by those who look for a task that hangs in one.
namespace {

using torc::base::library_call;

}  // namespace

// The name, the parameters, and the arguments for the call of the same name in MPI itself.
#define TORC_NOTED(NAME, PARAMETERS, ARGUMENTS) \
  int MPI_##NAME PARAMETERS {                   \
    const library_call here("MPI_" #NAME);      \
    return PMPI_##NAME ARGUMENTS;               \
  }

extern "C" {

// Collectives.

TORC_NOTED(Barrier, (MPI_Comm comm), (comm))
TORC_NOTED(Bcast, (void* data, int count, MPI_Datatype type, int root, MPI_Comm comm), (data, count, type, root, comm))
TORC_NOTED(Gather,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            int root, MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Gatherv,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, const int* nums_to, const int* places_to,
            MPI_Datatype type_to, int root, MPI_Comm comm),
           (from, num_from, type_from, to, nums_to, places_to, type_to, root, comm))
TORC_NOTED(Scatter,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            int root, MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Scatterv,
           (const void* from, const int* nums_from, const int* places_from, MPI_Datatype type_from, void* to,
            int num_to, MPI_Datatype type_to, int root, MPI_Comm comm),
           (from, nums_from, places_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Allgather,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Allgatherv,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, const int* nums_to, const int* places_to,
            MPI_Datatype type_to, MPI_Comm comm),
           (from, num_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Alltoall,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Alltoallv,
           (const void* from, const int* nums_from, const int* places_from, MPI_Datatype type_from, void* to,
            const int* nums_to, const int* places_to, MPI_Datatype type_to, MPI_Comm comm),
           (from, nums_from, places_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Reduce, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm),
           (from, to, count, type, op, root, comm))
TORC_NOTED(Allreduce, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Reduce_scatter, (const void* from, void* to, const int* counts, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, counts, type, op, comm))
TORC_NOTED(Reduce_scatter_block, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Scan, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Exscan, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))

// Communicators, windows and files, which are made by all.

TORC_NOTED(Comm_dup, (MPI_Comm comm, MPI_Comm* made), (comm, made))
TORC_NOTED(Comm_split, (MPI_Comm comm, int colour, int key, MPI_Comm* made), (comm, colour, key, made))
TORC_NOTED(Comm_split_type, (MPI_Comm comm, int type, int key, MPI_Info info, MPI_Comm* made),
           (comm, type, key, info, made))
TORC_NOTED(Comm_create, (MPI_Comm comm, MPI_Group group, MPI_Comm* made), (comm, group, made))
TORC_NOTED(Comm_free, (MPI_Comm * comm), (comm))
TORC_NOTED(Win_fence, (int assertion, MPI_Win window), (assertion, window))
TORC_NOTED(File_open, (MPI_Comm comm, const char* name, int mode, MPI_Info info, MPI_File* file),
           (comm, name, mode, info, file))

// Messages.

TORC_NOTED(Send, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Ssend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Rsend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Bsend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Recv, (void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status* status),
           (data, count, type, from, tag, comm, status))
TORC_NOTED(Sendrecv,
           (const void* sent, int num_sent, MPI_Datatype type_sent, int to, int tag_to, void* received,
            int num_received, MPI_Datatype type_received, int from, int tag_from, MPI_Comm comm, MPI_Status* status),
           (sent, num_sent, type_sent, to, tag_to, received, num_received, type_received, from, tag_from, comm, status))
TORC_NOTED(Probe, (int from, int tag, MPI_Comm comm, MPI_Status* status), (from, tag, comm, status))
TORC_NOTED(Mprobe, (int from, int tag, MPI_Comm comm, MPI_Message* message, MPI_Status* status),
           (from, tag, comm, message, status))
TORC_NOTED(Wait, (MPI_Request * request, MPI_Status* status), (request, status))
TORC_NOTED(Waitall, (int count, MPI_Request requests[], MPI_Status statuses[]), (count, requests, statuses))
TORC_NOTED(Waitany, (int count, MPI_Request requests[], int* index, MPI_Status* status),
           (count, requests, index, status))
TORC_NOTED(Waitsome, (int count, MPI_Request requests[], int* num_done, int indices[], MPI_Status statuses[]),
           (count, requests, num_done, indices, statuses))

}  // extern "C"
