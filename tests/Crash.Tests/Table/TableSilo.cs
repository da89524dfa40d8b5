using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>One start of the silo, with failpoints.</summary>
internal sealed class TableSilo : IDisposable
{
    /// <summary>As many batches can be in flight at once.</summary>
    public const int Writers = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SiloProcess _process;

    private TableSilo(SiloProcess process)
    {
        _process = process;
        Admin = new Api(process.Address, SiloProcess.AdminKey);
    }

    public Api Admin { get; }

    public string Output => _process.Output;

    /// <param name="sweeps">Wakes payments that nobody has in memory. Else what earlier kills left behind sleeps, and cannot come into the batches of those that die next.</param>
    public static async Task<TableSilo> StartAsync(string dataFolder, int port, JournalDatabase database, bool sweeps) => new(await SiloProcess.StartAsync(
        dataFolder,
        port,
        ("ConnectionStrings__Payments", database.ConnectionString),
        ("ASPNETCORE_ENVIRONMENT", "Testing"),
        ("Failpoints__Enabled", "true"),
        ("Journal__Writers", Writers.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("Sweeper__Interval", "00:00:01"),
        ("Sweeper__MinAge", sweeps ? "00:00:10" : "01:00:00")));

    public async Task ArmAsync(string failpoint, string action, string entity, string? operation = null, int skip = 0) =>
        (await Admin.PutAsync($"/failpoints/{failpoint}", new JsonObject { ["action"] = action, ["entity"] = entity, ["operation"] = operation, ["skip"] = skip })).Expect(HttpStatusCode.OK);

    public async Task LetGoAsync(string failpoint) => (await Admin.DeleteAsync($"/failpoints/{failpoint}")).Expect(HttpStatusCode.OK);

    /// <summary>Waits until a payment's flow, or the batch that it is in, stands at the point.</summary>
    public Task WaitUntilHeldAsync(string failpoint, CrashRow row) => Eventually.TrueAsync($"{row} at {failpoint}", Patience, async () =>
    {
        var points = (await Admin.GetAsync("/failpoints")).Expect(HttpStatusCode.OK)["data"]!.AsArray();
        var held = points.Single(point => (string)point!["name"]! == failpoint)!["holding"]!.AsArray();
        return held.Any(flow => flow!["entities"]!.AsArray().Any(entity => (string)entity! == row.Payment.Value));
    });

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Waits until it has killed itself.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> EndAsync() => _process.EndAsync(Patience);

    public Task<int> StopAsync() => _process.StopAsync(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        Admin.Dispose();
        _process.Dispose();
    }
}
