using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansPayments.Benchmarks.Scenarios;

namespace OrleansPayments.Benchmarks.Reporting;

/// <summary>The figures for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Render(BenchmarkReport report) => new JsonObject
    {
        ["environment"] = new JsonObject
        {
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["cores"] = Environment.ProcessorCount,
            ["postgresql"] = report.Facts.Version,
            ["fsync"] = report.Facts.Fsync,
            ["synchronous_commit"] = report.Facts.SynchronousCommit,
            ["full_page_writes"] = report.Facts.FullPageWrites,
            ["wal_sync_method"] = report.Facts.WalSyncMethod,
        },
        ["options"] = new JsonObject
        {
            ["rounds"] = report.Options.Rounds,
            ["seconds"] = report.Options.Length.TotalSeconds,
            ["warm_up_seconds"] = report.Options.WarmUp.TotalSeconds,
            ["first_warm_up_seconds"] = report.Options.FirstWarmUp.TotalSeconds,
            ["callers"] = report.Options.Callers,
            ["connections"] = report.Options.Connections,
        },
        ["rounds"] = new JsonArray([.. report.Rounds.Select(Round)]),
        ["scenarios"] = new JsonObject(report.Scenarios.Select(name => KeyValuePair.Create<string, JsonNode?>(name, Figure(report.RateOf(name))))),
        ["criteria"] = new JsonArray([.. report.Criteria.Select(Render)]),
        ["faults"] = new JsonArray([.. report.Faults.Select(fault => JsonValue.Create(fault))]),
    }.ToJsonString(Indented);

    private static JsonObject Round(RoundResult result) => new()
    {
        ["scenario"] = result.Scenario,
        ["round"] = result.Round,
        ["payments"] = result.Measured.Payments,
        ["seconds"] = result.Measured.Elapsed.TotalSeconds,
        ["payments_per_second"] = Math.Round(result.Measured.PerSecond, 1),
        ["payments_per_second_with_list"] = result.PerSecondWithList is { } rate ? Math.Round(rate, 1) : null,
        ["cpu_seconds"] = new JsonObject(result.Measured.Cpu.Groups.Select(group => KeyValuePair.Create<string, JsonNode?>(
            group.Key, new JsonObject { ["user"] = Math.Round(group.Value.User, 2), ["system"] = Math.Round(group.Value.System, 2) }))),
        ["gc_pause_seconds"] = Math.Round(result.Measured.GcPauses.TotalSeconds, 3),
        ["allocated_bytes"] = result.Measured.AllocatedBytes,
        ["silo_peak_memory_mib"] = result.SiloPeakMemory is { } peak ? Math.Round(peak) : null,
        ["latency_ms"] = result.Latency is { } latency
            ? new JsonObject { ["p50"] = latency.P50, ["p95"] = latency.P95, ["p99"] = latency.P99, ["max"] = latency.Max }
            : null,
        ["errors"] = new JsonObject(result.Errors.Select(error => KeyValuePair.Create<string, JsonNode?>(error.Key, error.Value))),
        ["verification"] = result.Verification is { } found ? Render(found) : null,
    };

    private static JsonObject Render(Verification found) => new()
    {
        ["captured"] = found.Captured,
        ["charges"] = found.Charges,
        ["rows_behind"] = found.RowsBehind,
        ["catch_up_ms"] = Math.Round(found.CatchUp.TotalMilliseconds, 1),
        ["faults"] = new JsonArray([.. found.Faults.Select(fault => JsonValue.Create(fault))]),
    };

    private static JsonObject Render(Criterion criterion)
    {
        var rendered = Figure(criterion.Spread);
        rendered["name"] = criterion.Name;
        rendered["wanted"] = criterion.Wanted;
        rendered["kind"] = criterion.IsFloor ? "floor" : "goal";
        rendered["met"] = criterion.IsMet;
        return rendered;
    }

    private static JsonObject Figure(Spread spread) => new()
    {
        ["median"] = Math.Round(spread.Median, 3),
        ["min"] = Math.Round(spread.Least, 3),
        ["max"] = Math.Round(spread.Most, 3),
    };
}
