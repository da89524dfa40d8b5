using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>
/// Payments over HTTP: the silo and the PSP simulator as processes of their own, the load from this one, all on this machine. Silo and simulator live as long as
/// the run, so what they compile in the first round they need not in the next.
/// </summary>
internal sealed class HttpScenario : IScenario
{
    public const string Name = "http";

    private const string Account = "bench";

    private readonly DatabaseServer _server;
    private readonly string _database;
    private readonly ChildProcess _simulator;
    private readonly ChildProcess _silo;
    private readonly int _connections;
    private string _apiKey = "";
    private int _runs;

    private HttpScenario(DatabaseServer server, string database, ChildProcess simulator, ChildProcess silo, int connections)
    {
        _server = server;
        _database = database;
        _simulator = simulator;
        _silo = silo;
        _connections = connections;
    }

    public static async Task<HttpScenario> StartAsync(DatabaseServer server, WorkFolder folder, int connections, CancellationToken cancellation)
    {
        var database = await server.CreateDatabaseAsync("http", cancellation);
        var adminKey = "ak_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var simulator = await ChildProcess.StartAsync("OrleansPayments.PspSimulator.dll", "listening on ", cancellation, ("PSP_SIMULATOR_PORT", "0"));
        ChildProcess silo;
        try
        {
            silo = await ChildProcess.StartAsync(
                "OrleansPayments.Silo.dll", "Now listening on: ", cancellation, ("PAYMENTS_PORT", "0"), ("PAYMENTS_DATA", folder.Sub("http")),
                ("Api__AdminKey", adminKey), ("ConnectionStrings__Payments", database));
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }

        var scenario = new HttpScenario(server, database, simulator, silo, connections);
        try
        {
            await scenario.OpenShopAsync(adminKey, cancellation);
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        var verification = await Verifier.StartAsync(_database, cancellation);
        var load = new PaymentLoad(_silo.Address, _apiKey, window, string.Create(CultureInfo.InvariantCulture, $"run{++_runs}"));
        var cpu = new CpuUsage(
            ("load", Environment.ProcessId, false), ("silo", _silo.Id, false), ("simulator", _simulator.Id, false), ("postgres", _server.ProcessId, true));
        Task[] workers = [.. Enumerable.Range(0, _connections).Select(_ => Task.Run(() => load.RunAsync(cancellation), cancellation))];
        var measured = await window.MeasureAsync(workers, () => load.Count, cpu, cancellation);
        var charges = await ChargesAsync(load.Captured.Count + (int)load.Errors.Total, cancellation);
        var verified = await verification.VerifyAsync(load.Captured, load.Errors.Total, charges, cancellation);
        return new RoundResult(Name, measured, load.Latencies, load.Errors.Counts, verified) { SiloPeakMemory = CpuUsage.PeakMemory(_silo.Id) };
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _simulator.DisposeAsync();
        await _server.DropDatabaseAsync(_database);
    }

    private async Task OpenShopAsync(string adminKey, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = _silo.Address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", adminKey);
        var merchant = await PostAsync("merchants", new() { ["name"] = "Bench", ["country"] = "SG", ["default_currency"] = "USD" });
        var key = await PostAsync($"merchants/{merchant["id"]}/api_keys", new() { ["name"] = "bench", ["permissions"] = new JsonArray("*") });
        _apiKey = (string)key["key"]!;
        await PostAsync("connectors", new()
        {
            ["name"] = Account,
            ["provider"] = "stripe",
            ["priority"] = 1,
            ["enabled"] = true,
            ["timeout_ms"] = 5000,
            ["credentials"] = new JsonObject
            {
                ["secret_key"] = "sk_test_bench",
                ["webhook_secret"] = "whsec_bench",
                ["base_url"] = new Uri(_simulator.Address, "/stripe/" + Account).ToString(),
            },
            ["capabilities"] = new JsonObject { ["methods"] = new JsonArray("card"), ["currencies"] = new JsonArray("*"), ["countries"] = new JsonArray("*") },
            ["fees"] = new JsonArray(new JsonObject { ["method"] = "card", ["currency"] = "*", ["rate_bps"] = 290, ["fixed"] = 30 }),
        });

        async Task<JsonNode> PostAsync(string path, JsonObject body)
        {
            using var response = await http.PostAsJsonAsync(new Uri("/api/v1/" + path, UriKind.Relative), body, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {text}");
        }
    }

    // By payment, how often it was charged. The simulator keeps the newest 200 000; a few more than were made are asked for, to see what should not be there.
    private async Task<Dictionary<string, int>> ChargesAsync(int made, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = _simulator.Address, Timeout = TimeSpan.FromSeconds(60) };
        var limit = (made + 1000).ToString(CultureInfo.InvariantCulture);
        var charges = new Dictionary<string, int>(StringComparer.Ordinal);
        var answer = await http.GetFromJsonAsync<ChargeList>(new Uri($"/control/{Account}/charges?limit={limit}", UriKind.Relative), ChargeList.Options, cancellation);
        foreach (var charge in answer!.Data) charges[charge.PaymentId] = charges.GetValueOrDefault(charge.PaymentId) + 1;
        return charges;
    }

    private sealed record ChargeList(IReadOnlyList<ChargeEntry> Data)
    {
        public static System.Text.Json.JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower };
    }

    private sealed record ChargeEntry(string PaymentId);
}
