using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Routing;

namespace OrleansPayments.Benchmarks.Replay;

/// <summary><c>./run bench replay</c>: past decisions taken again under another policy, in a silo of its own over its API, then beside payments in this process.</summary>
internal static class ReplayCommand
{
    public const string Name = "replay";

    private const string Usage = "usage: ./run bench replay [DECISIONS] (1 000 000; 1 000 to 100 000 000)";
    private const string AdminKey = "ak_bench_replay";
    private const int Payers = 4;

    private static readonly TimeSpan PaymentsAlone = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BetweenPayments = TimeSpan.FromMilliseconds(20);
    private static readonly RoutingConfiguration Draft = RoutingConfiguration.Default with { Strategy = RoutingStrategies.WeightedCost };

    /// <exception cref="BenchmarkRefusedException">The arguments are not understood, or the server would not give honest figures.</exception>
    public static async Task RunAsync(string[] args, CancellationToken stop)
    {
        var decisions = 1_000_000;
        if (args.Length > 1 || (args.Length == 1 && !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out decisions)) || decisions is < 1_000 or > 100_000_000)
        {
            throw new BenchmarkRefusedException(Usage);
        }

        using var folder = new WorkFolder();
        await using var server = await DatabaseServer.StartAsync(Environment.GetEnvironmentVariable("ConnectionStrings__Payments"), folder);
        var facts = await server.ReadFactsAsync(stop);
        facts.RefuseUnlessDurable();
        var database = await server.CreateDatabaseAsync(Name, stop);
        var begun = Stopwatch.GetTimestamp();
        await new DecisionHistory(database).MakeAsync(folder, decisions, stop);
        Print($"{decisions} decisions stored in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s, PostgreSQL {facts.Version}, {Environment.ProcessorCount} cores");

        await OverHttpAsync(folder, database, stop);
        await BesidePaymentsAsync(folder, database, stop);
    }

    private static async Task OverHttpAsync(WorkFolder folder, string database, CancellationToken stop)
    {
        await using var silo = await ChildProcess.StartAsync(
            "OrleansPayments.Silo.dll", "Now listening on: ", stop, ("PAYMENTS_PORT", "0"), ("PAYMENTS_DATA", folder.Sub("in-process")), ("Api__AdminKey", AdminKey),
            ("ConnectionStrings__Payments", database));
        using var http = new HttpClient { BaseAddress = silo.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        Print($"silo before: {PeakMiB(silo.Id)} MiB at its peak");
        for (var round = 1; round <= 3; round++)
        {
            var replay = await ReplayAsync(http, stop);
            var result = replay.GetProperty("result");
            Print($"round {round}: {result.GetProperty("decisions")} decisions, {result.GetProperty("changed")} changed, {result.GetProperty("duration_ms")} ms");
            Print($"  {result.GetProperty("decisions_per_second")} decisions/s; silo at its peak {PeakMiB(silo.Id)} MiB, {CpuSeconds(silo.Id):F1} s of processor time so far");
        }
    }

    private static async Task<JsonElement> ReplayAsync(HttpClient http, CancellationToken stop)
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(-7).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        using var body = new StringContent("{\"from\":\"" + from + "\",\"policy\":{\"strategy\":\"weighted_cost\"}}", Encoding.UTF8, "application/json");
        using var accepted = await http.PostAsync(new Uri("/api/v1/routing/replay", UriKind.Relative), body, stop);
        var location = accepted.Headers.Location ?? throw new InvalidOperationException($"Refused: {await accepted.Content.ReadAsStringAsync(stop)}");
        while (true)
        {
            var replay = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(location, stop));
            if (replay.GetProperty("ended_at").ValueKind != JsonValueKind.Null)
            {
                return replay.GetProperty("status").GetString() == "succeeded" ? replay : throw new InvalidOperationException($"Ended as {replay}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    private static async Task BesidePaymentsAsync(WorkFolder folder, string database, CancellationToken stop)
    {
        await using var silo = await InProcessSilo.StartAsync(folder, database, stop);
        await ReplayAsync(silo, stop);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var replay = await ReplayAsync(silo, stop);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Print($"in process: {Rate(replay):F0} decisions/s, {allocated / (double)replay.Progress.Decisions:F0} bytes allocated per decision");

        await PayAsync(silo, Task.Delay(PaymentsAlone, stop), stop);
        Print($"payments alone: {Show(await PayAsync(silo, Task.Delay(PaymentsAlone, stop), stop))}");
        var beside = ReplayAsync(silo, stop);
        var latencies = await PayAsync(silo, beside, stop);
        Print($"payments beside a replay: {Show(latencies)}; the replay {Rate(await beside):F0} decisions/s");
    }

    // A steady trickle, so that waiting shows as such.
    private static async Task<List<double>> PayAsync(InProcessSilo silo, Task until, CancellationToken stop)
    {
        var payers = Enumerable.Range(0, Payers).Select(async _ =>
        {
            var latencies = new List<double>();
            while (!until.IsCompleted)
            {
                var begun = Stopwatch.GetTimestamp();
                await silo.PayAsync();
                latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                await Task.Delay(BetweenPayments, stop);
            }

            return latencies;
        });
        return [.. (await Task.WhenAll(payers)).SelectMany(one => one)];
    }

    private static async Task<RoutingReplayView> ReplayAsync(InProcessSilo silo, CancellationToken stop)
    {
        var id = RoutingReplayId.FromBits(Guid.NewGuid().ToByteArray());
        var terms = new RoutingReplayTerms(null, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow(), Draft, ImmutableArray<DraftFees>.Empty);
        var outcome = await silo.Grains.RoutingReplays().Request(id, new RequestRoutingReplay(terms, "bench"));
        if (outcome.Refusal is { } refusal) throw new InvalidOperationException($"Refused: {refusal.Code}.");
        while (true)
        {
            var replay = (await silo.Grains.RoutingReplay(id).Get())!;
            if (replay.EndedAt is not null) return replay.Status == RoutingReplayStatus.Succeeded ? replay : throw new InvalidOperationException($"Ended as {replay.Status}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    private static double Rate(RoutingReplayView replay) => replay.Progress.Decisions / replay.Progress.Duration.TotalSeconds;

    private static string Show(List<double> latencies)
    {
        latencies.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{latencies.Count} payments, p50 {At(0.5):F1}, p95 {At(0.95):F1}, p99 {At(0.99):F1}, longest {latencies[^1]:F0} ms");

        double At(double part) => latencies[(int)((latencies.Count - 1) * part)];
    }

    private static int PeakMiB(int process) => int.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    private static double CpuSeconds(int process) => Process.GetProcessById(process).TotalProcessorTime.TotalSeconds;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
