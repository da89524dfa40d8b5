using System.Globalization;
using System.Text.Json;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>What tests ask of the simulator and tell it: <c>/control/{account}/…</c>, for all providers of the account together.</summary>
internal sealed class ControlEndpoints(SimulatedAccounts accounts)
{
    private const int MaxTimes = 1_000_000;
    private const int MaxDelayMs = 600_000;
    private const int FlushBytes = 64 * 1024;

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/control/{account}");
        Map(control, HttpMethods.Get, "/charges", (http, account) => ListAsync(http, account.Charges.Newest, ControlJson.Write));
        Map(control, HttpMethods.Get, "/requests", (http, account) => ListAsync(http, account.Requests.Newest, ControlJson.Write));
        Map(control, HttpMethods.Get, "/faults", (http, account) => ListAsync(http, account.Faults.Waiting, ControlJson.Write));
        Map(control, HttpMethods.Post, "/faults", AddFaultAsync);
        Map(control, HttpMethods.Delete, "/faults", ClearFaultsAsync);
        Map(control, HttpMethods.Post, "/latency", SetLatencyAsync);
    }

    private void Map(RouteGroupBuilder control, string method, string path, Func<HttpContext, Account, Task> run) =>
        control.MapMethods(path, [method], (RequestDelegate)(http =>
        {
            if (accounts.TryGet(http.Request.RouteValues["account"] as string, out var account, out var problem)) return run(http, account);
            Refuse(http, new ControlProblem("account", problem));
            return Task.CompletedTask;
        }));

    private static async Task AddFaultAsync(HttpContext http, Account account)
    {
        if (await ReadAsync(http) is not { } body) return;

        var operation = body.Text("operation", ControlNames.Operations.Contains, $"must be one of {string.Join(", ", ControlNames.Operations)}");
        var kind = ControlNames.KindNamed(body.Text("kind", ControlNames.Kinds.Contains, $"must be one of {string.Join(", ", ControlNames.Kinds)}"));
        var times = body.Integer("times", 1, MaxTimes, absent: 1);
        var delayMs = body.Integer("delay_ms", 0, MaxDelayMs, absent: 0);
        if (kind == FaultKind.Slow && delayMs == 0) body.Refuse("delay_ms", "must be more than 0 for a slow fault");
        if (kind == FaultKind.Decline && operation == ControlNames.Of(Operation.Retrieve)) body.Refuse("kind", "cannot be decline for retrieve");
        body.RefuseOthers();
        if (body.Problem is { } problem)
        {
            Refuse(http, problem);
            return;
        }

        var fault = new Fault(ControlNames.OperationNamed(operation), kind!.Value, times, TimeSpan.FromMilliseconds(delayMs));
        if (account.Faults.TryAdd(fault)) JsonAnswer.Write(http.Response, StatusCodes.Status201Created, fault, ControlJson.Write);
        else Refuse(http, new ControlProblem(Field: null, "Too many faults are waiting; DELETE them first."));
    }

    private static Task ClearFaultsAsync(HttpContext http, Account account)
    {
        account.Faults.Clear();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task SetLatencyAsync(HttpContext http, Account account)
    {
        if (await ReadAsync(http) is not { } body) return;

        var most = LatencyModel.Longest.TotalMilliseconds;
        var medianMs = body.Number("median_ms", 0, most);
        var p99Ms = body.Number("p99_ms", 0, most);
        if (p99Ms < medianMs) body.Refuse("p99_ms", "must be at least median_ms");
        if (medianMs == 0 && p99Ms > 0) body.Refuse("median_ms", "must be more than 0 unless p99_ms is 0 too");
        body.RefuseOthers();
        if (body.Problem is { } problem)
        {
            Refuse(http, problem);
            return;
        }

        account.Latency = LatencyModel.Fit(TimeSpan.FromMilliseconds(medianMs), TimeSpan.FromMilliseconds(p99Ms));
        JsonAnswer.Write(http.Response, StatusCodes.Status200OK, (medianMs, p99Ms), ControlJson.Write);
    }

    private static async Task<ControlBody?> ReadAsync(HttpContext http)
    {
        var body = await ControlBody.ReadAsync(http.Request);
        if (body is null) Refuse(http, new ControlProblem(Field: null, "The body must be one JSON object, each field once."));
        return body;
    }

    /// <summary>All that is kept, or with <c>?limit=n</c> the newest n; oldest first. Written in pieces: it may be tens of megabytes.</summary>
    private static async Task ListAsync<T>(HttpContext http, Func<int, T[]> newest, Action<Utf8JsonWriter, T> write)
    {
        var limit = int.MaxValue;
        foreach (var (name, value) in http.Request.Query)
        {
            if (name == "limit" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit > 0) continue;
            Refuse(http, new ControlProblem(name, name == "limit" ? "limit must be a whole number of 1 or more." : $"{name} is not a parameter here; the only one is limit."));
            return;
        }

        http.Response.ContentType = "application/json";
        var body = http.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, JsonAnswer.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var item in newest(limit))
        {
            write(json, item);
            if (json.BytesPending < FlushBytes) continue;
            json.Flush();
            await body.FlushAsync(http.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Refuse(HttpContext http, ControlProblem problem) =>
        JsonAnswer.Write(http.Response, StatusCodes.Status400BadRequest, problem, ControlJson.Write);
}
