// What each --help opens with: examples first, since most who ask for help want a line to copy.
#pragma once

namespace tempera::app {

inline constexpr const char* top_help =
    "Examples:\n"
    "  tempera solve city.vrp --budget 60 --out runs/city    one process\n"
    "  mpirun -n 8 tempera solve city.vrp --budget 600       eight ranks\n"
    "  tempera resume runs/city --budget 1200                go on from a checkpoint\n"
    "  tempera check city.vrp --solution runs/city/solution.sol\n"
    "  tempera generate --kind peak-season --out peak.vrp\n\n"
    "Tempera solves large routing problems on one core or many MPI ranks, with a\n"
    "classical baseline beside every answer.";

inline constexpr const char* solve_help =
    "Examples:\n"
    "  tempera solve city.vrp --budget 60 --out runs/city\n"
    "  mpirun -n 4 tempera solve city.vrp --iterations 5000000 --seed 7\n"
    "  tempera solve city.vrp --warm-start yesterday.sol --output json\n"
    "  tempera solve g55.mc --budget 60 --target 10296\n"
    "  tempera solve small.qubo --method qaoa --depth 4 --shots 2000\n"
    "  tempera solve job.json --out runs/monday\n\n"
    "Writes result.h5, result.json and the solution (solution.sol, for QUBO and QAP\n"
    "solution.txt and samples.csv) into the --out directory. What the command line\n"
    "says stands above what a job file says. A job with a fleet that is too small is\n"
    "solved as far as it goes: result.json then has complete: false, and a reason for\n"
    "every unassigned customer.";

inline constexpr const char* resume_help =
    "Examples:\n"
    "  tempera resume runs/city                  go on with the budget that is left\n"
    "  mpirun -n 8 tempera resume runs/city --budget 1200\n\n"
    "Continues a run on any number of ranks, with its own or a new budget.";

inline constexpr const char* check_help =
    "Examples:\n"
    "  tempera check city.vrp\n"
    "  tempera check city.vrp --solution best.sol\n\n"
    "Without --solution: sizes, plan and memory. With it: the referee's verdict,\n"
    "and 2 for one that is infeasible or leaves required customers out.";

inline constexpr const char* generate_help =
    "Examples:\n"
    "  tempera generate --kind peak-season --customers 400 --seed 1 --out peak.vrp\n"
    "  tempera generate --kind rebalancing --skus 20 --dcs 5 --out peak.json\n"
    "  tempera generate --customers 1000 --depot cornered --positions clustered\n"
    "          --demand 1-100 --route-size 12 --seed 7 --out c1000.vrp\n\n"
    "Kinds: uchoa (Uchoa et al. 2017, as the CVRPLIB X set) and peak-season\n"
    "(parcel stops around several towns).";

inline constexpr const char* convert_help =
    "Examples:\n"
    "  tempera convert g22.mc --out g22.json\n"
    "  tempera convert x.qubo --schema 1 --out x.json    for older programs\n\n"
    "Writes a dimod binary quadratic model. What was maximised has its signs turned.";

inline constexpr const char* info_help =
    "Examples:\n"
    "  tempera info               versions, ranks, memory\n"
    "  tempera info city.vrp      what an instance holds\n\n"
    "The file may be an instance or a run file.";

inline constexpr const char* backtest_help =
    "Examples:\n"
    "  tempera backtest year.json                 all policies on common demand\n"
    "  mpirun -n 4 tempera backtest year.json --output json\n\n"
    "Plays ordering policies through random or listed demand and compares what they\n"
    "cost, with confidence intervals. Writes result.json and result.h5\n"
    "into the --out directory.\n\n"
    "Kinds of policy: do_nothing, base_stock (levels), echelon_base_stock (levels),\n"
    "reorder_point (levels, reorder_points), newsvendor, rolling_plan (horizon,\n"
    "forecasts, lot: planned anew every period), perfect_foresight (the floor).";

inline constexpr const char* audit_help =
    "Examples:\n"
    "  tempera audit verify runs/city\n\n"
    "Every record of audit.jsonl seals the one before it; the result holds the\n"
    "last seal. Leaves with 2 and names the first broken record.";

inline constexpr const char* report_help =
    "Examples:\n"
    "  tempera report runs/city\n"
    "  tempera report runs/city/result.h5 --output json\n\n"
    "Writes report.html, one page that loads nothing and opens anywhere, and prints\n"
    "what solve printed at its end. With --output json or quiet the page is only\n"
    "written where --html says.";

inline constexpr const char* compare_help =
    "Examples:\n"
    "  tempera compare job.json --solvers annealer,baseline --seeds 10\n"
    "  mpirun -n 4 tempera compare city.vrp --budget 20 --output json\n"
    "  tempera compare runs/monday/result.h5 runs/tuesday/result.h5\n"
    "  tempera compare runs/old runs/new --html compare.html\n\n"
    "Table, paired tests, performance profile, time to target and processor time.\n"
    "A directory counts as one solver with all runs below it; runs pair by problem\n"
    "and seed. Runs made here stay under --out, and those that are complete are not\n"
    "made again.";

inline constexpr const char* batch_help =
    "Examples:\n"
    "  tempera batch jobs/monday --out runs/monday\n"
    "  mpirun -n 8 tempera batch all_regions.json --budget 60\n\n"
    "Solves every job of a directory, or of a file with a list: each on a rank of\n"
    "its own while there are as many jobs as ranks, else each over all ranks.\n"
    "Started again, it skips what is complete and goes on where it stopped. A\n"
    "broken job is told and the others go on. Below --log-dir each job has a folder.";

inline constexpr const char* status_help =
    "Examples:\n"
    "  tempera status runs/city          a running, ended or lost run\n"
    "  tempera status runs/peak/*        a table of many\n\n"
    "Reads what the run itself wrote last; works from another machine, too.";

inline constexpr const char* submit_help =
    "Examples:\n"
    "  tempera submit city.vrp --nodes 2 --time 2:00:00 --out runs/city\n"
    "  tempera submit city.vrp --time 30 --dry-run\n"
    "  tempera submit city.vrp --seeds 8 --report -- --replicas 4\n"
    "  tempera submit ring.mc --command qaoa -- --depth 8\n\n"
    "Requeued or crashed, the job goes on from its last checkpoint; a command on\n"
    "a state vector is run again as a whole. What stands behind -- goes to the\n"
    "command, and is checked now.";

inline constexpr const char* bench_help =
    "Examples:\n"
    "  tempera bench statevector --qubits 20\n"
    "  mpirun -n 2 tempera bench statevector --qubits 20 --precision single\n"
    "  tempera bench statevector --qubits 20 --diagonal float --output json\n"
    "  tempera bench qubo g55.mc                 moves tried per nanosecond\n\n"
    "Seconds of one QAOA layer, and of the two passes over memory that it needs;\n"
    "or the speed of the QUBO engines on a problem.";

inline constexpr const char* circuit_help =
    "Examples:\n"
    "  tempera circuit bell.qasm --shots 1000 --seed 7\n"
    "  tempera circuit bell.qasm --z 0,1 --output json\n\n"
    "Runs an OpenQASM 2 circuit on a state vector and draws its measurements.";

inline constexpr const char* qaoa_help =
    "Examples:\n"
    "  tempera qaoa small.qubo --depth 4\n"
    "  tempera qaoa small.qubo --depth 10 --search bobyqa --tail 0.1\n"
    "  mpirun -n 4 tempera qaoa small.mc --precision single --output json\n\n"
    "QAOA on a simulated quantum register, beside what uniform picks would give\n"
    "and the exact optimum. Equal one-hot groups use the subspace they span;\n"
    "other groups are kept by their mixer on the whole register.";

}  // namespace tempera::app
