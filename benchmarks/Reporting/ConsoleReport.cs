using System.Globalization;
using System.Runtime.InteropServices;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;
using OrleansPayments.Benchmarks.Scenarios;

namespace OrleansPayments.Benchmarks.Reporting;

/// <summary>The figures for people.</summary>
internal static class ConsoleReport
{
    public static void PrintFacts(ServerFacts facts, BenchmarkOptions options)
    {
        Console.WriteLine($"PostgreSQL {facts.Version}: fsync {facts.Fsync}, synchronous_commit {facts.SynchronousCommit}, full_page_writes {facts.FullPageWrites}, wal_sync_method {facts.WalSyncMethod}");
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}");
        Console.WriteLine(Text($"{options.Rounds} rounds of {options.Length.TotalSeconds:0.#} s after {options.WarmUp.TotalSeconds:0.#} s (the first after {options.FirstWarmUp.TotalSeconds:0.#} s), in turn; {options.Callers} callers in process, {options.Connections} connections over HTTP"));
    }

    public static void PrintRound(RoundResult result)
    {
        var measured = result.Measured;
        Console.WriteLine(Text($"{result.Round,2} {result.Scenario,-10} {measured.PerSecond,8:0} payments/s   {Cpu(measured)}{Latency(result.Latency)}{Memory(result.SiloPeakMemory)}"));
        if (result is { Verification: not null, Latency: null })
        {
            Console.WriteLine(Text($"              {measured.AllocatedBytes / 1024.0 / Math.Max(1, measured.Payments):0.0} KiB allocated per payment, {100 * measured.GcPauses / measured.Elapsed:0.0} % of the time stopped by the garbage collector"));
        }

        if (result.Verification is { } found)
        {
            var verdict = found.Faults.Count == 0 ? "verified" : "WRONG: " + string.Join("; ", found.Faults);
            Console.WriteLine(Text($"              {verdict}: {found.Captured} captured, {found.Charges} charges seen; list {found.RowsBehind} rows behind, caught up in {found.CatchUp.TotalMilliseconds:0} ms ({result.PerSecondWithList:0} payments/s with that)"));
        }

        foreach (var (kind, count) in result.Errors) Console.WriteLine(Text($"              error × {count}: {kind}"));
    }

    /// <returns>Whether both floors are held and everything was found as it was counted.</returns>
    public static bool Print(BenchmarkReport report)
    {
        Console.WriteLine();
        Console.WriteLine("payments/s      median   min–max            by round");
        foreach (var scenario in report.Scenarios)
        {
            var rate = report.RateOf(scenario);
            Console.WriteLine(Text($"{scenario,-12} {rate.Median,9:0}   {rate.Least:0}–{rate.Most:0}").PadRight(44) + string.Join("  ", rate.Values.Select(value => Text($"{value:0}"))));
        }

        Console.WriteLine();
        foreach (var criterion in report.Criteria) Console.WriteLine(Line(criterion));
        foreach (var fault in report.Faults) Console.WriteLine("FAIL  " + fault);
        return !report.Faults.Any() && report.Criteria.All(criterion => criterion.IsMet || !criterion.IsFloor);
    }

    private static string Line(Criterion criterion)
    {
        var verdict = !criterion.IsFloor ? "      " : criterion.IsMet ? "PASS  " : "FAIL  ";
        var kind = criterion.IsFloor ? "floor" : criterion.IsMet ? "goal, reached" : "goal, not reached";
        var spread = criterion.Spread;
        var format = spread.Median >= 100 ? "0" : "0.00";
        return verdict + $"{criterion.Name,-18}" + $"{In(spread.Median),8}   {In(spread.Least)}–{In(spread.Most)}".PadRight(26) + Text($"{kind} {criterion.Wanted}");

        string In(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Cpu(Measured measured) => measured.Payments == 0
        ? ""
        : "µs CPU per payment (user+system): " + string.Join(", ", measured.Cpu.Groups.Select(group =>
            Text($"{group.Key} {group.Value.User * 1e6 / measured.Payments:0}+{group.Value.System * 1e6 / measured.Payments:0}")));

    private static string Latency(Latencies? latency) =>
        latency is null ? "" : Text($"\n              ms: p50 {latency.P50:0.0}, p95 {latency.P95:0.0}, p99 {latency.P99:0.0}, max {latency.Max:0.0}");

    private static string Memory(double? peak) => peak is null ? "" : Text($"; the silo's memory at its peak {peak:0} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
