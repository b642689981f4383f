"""What routing_table and rank_curve share: sets of instances, one run of tempera, CSV files that are gone on with, the sign test."""
import concurrent.futures
import csv
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("TEMPERA_DATA_DIR", ROOT.parent / "shared" / "data"))
SETS = {
    "reference": ["X/X-n101-k25", "X/X-n200-k36", "X/X-n303-k21", "X/X-n502-k39", "X/X-n1001-k43"],
    "x": sorted(f"X/{p.stem}" for p in (DATA / "vrp" / "X").glob("*.vrp")),
    "solomon": sorted(f"Solomon/{p.stem}" for p in (DATA / "vrp" / "Solomon").glob("*.txt")),
    "solomon-short": [f"Solomon/{name}" for name in ("C103", "C204", "R104", "R112", "R202", "R210", "RC105", "RC107", "RC203", "RC207")],
    **{f"gh{size}": sorted(f"GH/{size}/{p.stem}" for p in (DATA / "vrp" / "GH" / str(size)).glob("*.txt")) for size in (200, 400, 600, 800, 1000)},
    "arnold": ["Arnold/Leuven1", "Arnold/Antwerp1", "Arnold/Ghent1", "Arnold/Flanders1"],
}


def names_of(chosen):
    return SETS.get(chosen) or chosen.split(",")


def file_of(name):
    if name.endswith((".vrp", ".txt", ".json")):
        return pathlib.Path(name)
    return DATA / "vrp" / f"{name}{'.txt' if name.startswith(('Solomon/', 'GH/')) else '.vrp'}"


def existing_file(name):
    file = file_of(name)
    if not file.exists():
        sys.exit(f"needs the benchmark file {file}; set TEMPERA_DATA_DIR")
    return file


def short_name(name):
    return pathlib.Path(name).stem if "." in name else name.split("/")[-1]


def distance_gap(result):
    """Vehicles of the answer and the best known, and the gap of the rest of the cost in percent."""
    routes = result.get("figures", {}).get("after", {}).get("vehicles", {}).get("value", 0)
    each = re.search(r"for every route (\d+)", result["objective"]["unit"])
    if not each:
        return routes, 0, 100 * result["best_known"]["gap"]
    each, best, cost = int(each[1]), result["best_known"]["cost"], result["objective"]["cost"]
    return routes, int(best // each), 100 * ((cost - routes * each) / (best % each) - 1)


def primal_integral(result, best, seconds):
    """Over [0, seconds], in percent of the best known cost."""
    points = [(result["baseline"]["wall_seconds"], result["baseline"]["cost"])] + [(p["seconds"], p["cost"]) for p in result["candidate"]["trace"]]
    area, at, cost = 0.0, 0.0, 1.1 * best
    for then, value in points:
        then = min(max(then, at), seconds)
        area += cost * (then - at)
        at, cost = then, min(cost, value)
    return 100 * ((area + cost * (seconds - at)) / (seconds * best) - 1)


def solve(tempera, name, seed, ranks, budget, objective="distance", replicas=0):
    """One run. `budget` in wall seconds, or with "it" behind it in iterations. Returns result.json and the peak memory in KiB."""
    file = existing_file(name)
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    limit = ["--iterations", budget[:-2]] if budget.endswith("it") else ["--budget", budget]
    with tempfile.TemporaryDirectory() as out:
        command = [tempera, "solve", str(file), *limit, "--seed", str(seed), "--out", out, "--output", "json", "--progress", "off"]
        command += ["--objective", objective] if objective != "distance" else []
        command += ["--replicas", str(replicas)] if replicas else []
        if ranks > 1:
            command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none"] + command
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    result = json.loads(text)
    if not result.get("best_known"):
        sys.exit(f"{file} has no best known value beside it (BKS.csv): there is no gap to print")
    return result, usage.ru_maxrss


def figures(result):
    """The columns that every table has."""
    timing = result["timing_per_rank"]
    spent = sum(t[k + "_seconds"] for t in timing for k in ("annealing", "waiting", "communicating", "writing"))
    best = result["best_known"]["cost"]
    return dict(cost=result["objective"]["cost"], baseline_gap=round(100 * (result["baseline"]["cost"] / best - 1), 3), iterations=result["iterations"],
                wall_seconds=round(result["budget"]["wall_seconds"], 2), cpu_seconds=round(result["budget"]["cpu_seconds"], 2),
                annealing_share=round(sum(t["annealing_seconds"] for t in timing) / spent, 4) if spent else 0, commit=commit())


def commit():
    said = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return said.stdout.strip() if said.returncode == 0 else ""


def read(path, fields):
    """Whole lines only: the last one may have been cut off."""
    with open(path, newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != fields:
            sys.exit(f"{path} has the columns {reader.fieldnames}, this program writes {fields}. Give another --csv.")
        return [row for row in reader if None not in row.values() and row["commit"] is not None]


def write(path, rows, fields):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)


def complete(path, fields, key, batches, run):
    """Runs whatever the file does not hold yet and returns the rows of everything wanted.
    batches: (jobs side by side, wanted) in their order; wanted: what `run` takes and `key` gives for its row."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = read(path, fields) if path.exists() else []
    write(path, rows, fields)  # without a line that was cut off
    done, lock = {key(r) for r in rows}, threading.Lock()

    def one(job):
        row = run(job)
        with lock, open(path, "a", newline="") as file:
            csv.DictWriter(file, fields).writerow(row)

    for jobs, wanted in batches:
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for future in [pool.submit(one, job) for job in wanted if job not in done]:
                future.result()
    all_wanted = {job for _, wanted in batches for job in wanted}
    return [r for r in read(path, fields) if key(r) in all_wanted]


def sign_test(pairs):
    """(old, new) costs: how often new is better, worse, equal, and the two-sided probability of that by chance."""
    better, worse = sum(new < old for old, new in pairs), sum(new > old for old, new in pairs)
    n, k = better + worse, min(better, worse)
    p = min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2 ** n) if n else 1.0
    return better, worse, len(pairs) - n, p
