using System.Globalization;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>One payment in whose middle the silo dies, and what became of it.</summary>
/// <param name="Repeats">The merchant sends its request again after the restart; else it stays silent.</param>
internal sealed record CrashRow(int Number, Moment Moment, Flow Flow, bool Repeats)
{
    /// <summary>Another one for each payment, so that none can be taken for another.</summary>
    public int Amount => 1_000 + Number;

    public string Afterwards => Repeats ? "repeats" : "is silent";

    public string Name => $"{Moment.NameFor(Flow)} | {Flow.Name} | {Afterwards}";

    /// <summary>The connector, and the simulator's account. What is on its way has one of its own, where nobody else is asked after.</summary>
    public string Account => Moment.Failpoint is null ? string.Create(CultureInfo.InvariantCulture, $"on-the-way-{Number}") : "crash-table";

    /// <summary>The key under which the payment is created. Its payment is written by the writer that the row was given.</summary>
    public string Key { get; set; } = "";

    public PaymentId Payment { get; set; }

    public string OrderId => string.Create(CultureInfo.InvariantCulture, $"order-{Number}");

    /// <summary>The payment's entries in the journal before the request in whose middle the silo dies.</summary>
    public int EntriesBefore { get; set; }

    /// <summary>The request, as long as nobody has looked how it ended.</summary>
    public Task<ApiAnswer> Request { get; set; } = null!;

    /// <summary>The requests that the provider had answered when the silo was dead.</summary>
    public int AnsweredThen { get; set; }

    /// <summary>How many of the two records were in the journal when the silo was dead.</summary>
    public int Durable { get; set; }

    /// <summary>What the merchant heard first.</summary>
    public string Heard { get; set; } = "";

    /// <summary>What the provider had in its books when the silo was dead.</summary>
    public string ProviderThen { get; set; } = "";

    /// <summary>The answer to the repetition; null where the merchant is silent.</summary>
    public ApiAnswer? Repetition { get; set; }

    /// <summary>The payment in the end; null when there is none.</summary>
    public JsonObject? Final { get; set; }

    /// <summary>What the provider has in its books in the end.</summary>
    public string ProviderFinally { get; set; } = "";

    /// <summary>What must never be and is.</summary>
    public List<string> Complaints { get; } = [];

    public Task<ApiAnswer> SendAsync(Api merchant) => Flow.Path is null
        ? CreateAsync(merchant)
        : merchant.PostAsync($"/payments/{Payment}/{Flow.Path}", Flow.Body?.Invoke() ?? [], Key + "-" + Flow.Path);

    public Task<ApiAnswer> CreateAsync(Api merchant) => merchant.PostAsync("/payments", Flow.CreationBody(Amount, OrderId, Account), Key);

    // A record's name is its text in the list of tests.
    public override string ToString() => Name;
}
