using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>What tests ask of the simulator and tell it: <c>/control/{account}/…</c>, for all providers of the account together.</summary>
internal sealed class ControlEndpoints(SimulatedAccounts accounts, IEnumerable<IProvider> providers)
{
    private const int MaxTimes = 1_000_000;
    private const int MaxDelayMs = 600_000;
    private const int MaxIdLength = 100;

    private readonly string[] _declineCodes = [.. providers.SelectMany(provider => provider.DeclineCodes).Distinct(StringComparer.Ordinal)];

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = new ControlRoutes(routes, accounts);
        control.Map(HttpMethods.Get, "/charges", (http, account) => ControlAnswer.ListAsync(http, account.Charges.Newest, ControlJson.Write));
        control.Map(HttpMethods.Get, "/requests", (http, account) => ControlAnswer.ListAsync(http, account.Requests.Newest, ControlJson.Write));
        control.Map(HttpMethods.Get, "/faults", (http, account) => ControlAnswer.ListAsync(http, account.Faults.Waiting, ControlJson.Write));
        control.Map(HttpMethods.Post, "/faults", AddFaultAsync);
        control.Map(HttpMethods.Delete, "/faults", ClearFaultsAsync);
        control.Map(HttpMethods.Post, "/latency", SetLatencyAsync);
        control.Map(HttpMethods.Post, "/expire", ExpireAsync);
    }

    private async Task AddFaultAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var operation = body.Text("operation", ControlNames.Operations.Contains, $"must be one of {string.Join(", ", ControlNames.Operations)}");
        var kind = ControlNames.KindNamed(body.Text("kind", ControlNames.Kinds.Contains, $"must be one of {string.Join(", ", ControlNames.Kinds)}"));
        var times = body.Integer("times", 1, MaxTimes, absent: 1);
        var delayMs = body.Integer("delay_ms", 0, MaxDelayMs, absent: 0);
        if (kind == FaultKind.Slow && delayMs == 0) body.Refuse("delay_ms", "must be more than 0 for a slow fault");
        if (kind == FaultKind.Decline && operation == ControlNames.Of(Operation.Retrieve)) body.Refuse("kind", "cannot be decline for retrieve");
        var code = body.OptionalText("code", _declineCodes.Contains, $"must be one of {string.Join(", ", _declineCodes)}");
        if (code is not null && (kind != FaultKind.Decline || operation != ControlNames.Of(Operation.Create))) body.Refuse("code", "is only for a decline of create");
        if (ControlAnswer.Refuses(http, body)) return;

        var fault = new Fault(ControlNames.OperationNamed(operation), kind!.Value, times, TimeSpan.FromMilliseconds(delayMs), code);
        if (account.Faults.TryAdd(fault)) JsonAnswer.Write(http.Response, StatusCodes.Status201Created, fault, ControlJson.Write);
        else ControlAnswer.Refuse(http, new ControlProblem(Field: null, "Too many faults are waiting; DELETE them first."));
    }

    private static Task ClearFaultsAsync(HttpContext http, Account account)
    {
        account.Faults.Clear();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task SetLatencyAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var most = LatencyModel.Longest.TotalMilliseconds;
        var medianMs = body.Number("median_ms", 0, most);
        var p99Ms = body.Number("p99_ms", 0, most);
        if (p99Ms < medianMs) body.Refuse("p99_ms", "must be at least median_ms");
        if (medianMs == 0 && p99Ms > 0) body.Refuse("median_ms", "must be more than 0 unless p99_ms is 0 too");
        if (ControlAnswer.Refuses(http, body)) return;

        account.Latency = LatencyModel.Fit(TimeSpan.FromMilliseconds(medianMs), TimeSpan.FromMilliseconds(p99Ms));
        JsonAnswer.Write(http.Response, StatusCodes.Status200OK, (medianMs, p99Ms), ControlJson.Write);
    }

    private static async Task ExpireAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var id = body.OptionalText("id", static text => text.Length is > 0 and <= MaxIdLength, "must be the id of a charge, as on the page charges");
        if (!ControlAnswer.Refuses(http, body)) ControlAnswer.Count(http, account.Expire(id));
    }
}
