using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>The provider's own books, next to what the silo says.</summary>
internal sealed class Books
{
    private readonly ILookup<string, JsonObject> _charges;
    private readonly ILookup<string, string> _references;

    private Books(IEnumerable<JsonObject> charges, IEnumerable<JsonObject> sendings)
    {
        _charges = charges.ToLookup(charge => (string)charge["payment_id"]!, StringComparer.Ordinal);
        _references = sendings.Select(request => (string?)request["idempotency_key"] ?? "").Distinct(StringComparer.Ordinal)
            .ToLookup(key => key.Split('-')[0], StringComparer.Ordinal);
    }

    /// <param name="accounts">Of the simulator.</param>
    public static async Task<Books> ReadAsync(Simulator simulator, IEnumerable<string> accounts)
    {
        var (charges, sendings) = (new List<JsonObject>(), new List<JsonObject>());
        foreach (var account in accounts)
        {
            charges.AddRange(await simulator.ChargesAsync(account));
            sendings.AddRange(await simulator.SendingsAsync(account));
        }

        return new Books(charges, sendings);
    }

    /// <summary>What the provider did for a payment, in words.</summary>
    public string Of(CrashRow row)
    {
        var charges = _charges[row.Payment.Value].Select(charge => Describe(charge, row.Amount)).ToList();
        return charges.Count == 0 ? "nothing" : string.Join(" and ", charges);
    }

    /// <summary>Payments that the provider knows and nobody asked for.</summary>
    public IEnumerable<string> Strangers(IEnumerable<CrashRow> rows) =>
        _charges.Select(group => group.Key).Except(rows.Select(row => row.Payment.Value), StringComparer.Ordinal);

    /// <summary>Compares the payment in the end with the books.</summary>
    public void Compare(CrashRow row)
    {
        var charges = _charges[row.Payment.Value].ToList();
        Refuse(row, charges.Count > 1, "charged twice");
        Refuse(row, _references[row.Payment.Value].Count() > (row.Flow.Path is null ? 1 : 2), "sent under more than one reference");
        Refuse(row, row.Final is null && charges.Count > 0, "a charge without a payment");
        if (row.Final is not { } payment) return;

        var status = (string)payment["status"]!;
        Refuse(row, status == "processing", "left processing");
        Refuse(row, (int)payment["amount"]! != row.Amount, "another amount than was asked for");
        Refuse(row, (int)payment["amount_captured"]! != (status == "captured" ? row.Amount : 0), "another amount captured than its status says");
        var must = status switch
        {
            "captured" => "captured in full",
            "authorized" => "authorised in full",
            "cancelled" => "authorised in full and released",
            "failed" or "created" or "requires_action" => "nothing",
            _ => "nothing like it",
        };
        Refuse(row, Of(row) != must, $"{status}, while the provider did: {Of(row)}");
    }

    private static void Refuse(CrashRow row, bool isWrong, string complaint)
    {
        if (isWrong) row.Complaints.Add(complaint);
    }

    private static string Describe(JsonObject charge, int asked)
    {
        if ((int)charge["amount"]! != asked || (string)charge["currency"]! is not ("usd" or "USD")) return $"a charge of another amount: {charge["amount"]} {charge["currency"]}";
        return ((string)charge["status"]!, (int)charge["amount_captured"]!) switch
        {
            ("captured", var captured) when captured == asked => "captured in full",
            ("authorized", 0) => "authorised in full",
            ("canceled", 0) => "authorised in full and released",
            var (status, captured) => $"{status}, {captured} captured",
        };
    }
}
