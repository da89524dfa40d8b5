using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>
/// Kills the silo at every moment of every flow. Flows that can stand still side by side die together: any number in front of and behind the connector, and
/// one batch per writer of the journal. All starts share one database; a payment whose merchant stays silent sleeps until the last of them, which sweeps.
/// </summary>
public sealed class CrashTable : IAsyncLifetime, IDisposable
{
    private const int SigKilled = 128 + 9;

    // The settling window: what is on its way must not run out of it, and what was never sent should not wait long.
    private const int LongWindow = 60;
    private const int ShortWindow = 2;

    private readonly GatedTime _providersTime = new();
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = SiloProcess.FreePort();
    private JournalDatabase _database = null!;
    private Simulator _simulator = null!;
    private TableSilo _silo = null!;
    private Shop _shop = null!;

    internal IReadOnlyList<CrashRow> Rows { get; } = [.. AllRows()];

    /// <summary>What is wrong with no single row.</summary>
    internal List<string> Complaints { get; } = [];

    /// <summary>How long each part of the run took.</summary>
    internal List<string> Timings { get; } = [];

    /// <summary>Every moment of every flow, with a merchant that stays silent and with one that repeats.</summary>
    internal static IEnumerable<CrashRow> AllRows()
    {
        var rows = from moment in Moment.All from flow in Flow.All from repeats in (bool[])[false, true] select (moment, flow, repeats);
        return rows.Select((row, index) => new CrashRow(index + 1, row.moment, row.flow, row.repeats));
    }

    public async Task InitializeAsync()
    {
        _database = await JournalDatabase.StartAsync();
        _simulator = await Simulator.StartAsync(_providersTime);
        try
        {
            await StartAsync(sweeps: false);
            _shop = await Shop.OpenAsync(_silo.Admin, _simulator, Rows[0].Account, connector => Hurry(connector, ShortWindow));
            foreach (var row in RowsOnTheWay) await _shop.AddConnectorAsync(_silo.Admin, _simulator, row.Account, connector => Hurry(connector, LongWindow));

            var starts = Starts().ToList();
            foreach (var rows in starts)
            {
                await TimeAsync($"kill of {rows[0].Moment.NameFor(rows[0].Flow)}", () => KillInTheMiddleAsync(rows));
                await TimeAsync("start", () => StartAsync(sweeps: rows == starts[^1]));
                await Task.WhenAll(rows.Where(row => row.Repeats).Select(async row => row.Repetition = await row.SendAsync(_shop.Api)));
            }

            await TimeAsync("questions after what is on its way", LetArriveAsync);
            await TimeAsync("sweeper", WaitForSweeperAsync);
            await TimeAsync("look", LookAsync);
            if (await _silo.StopAsync() is not 0 and var code) Complaints.Add($"the last stop ended with {code}");
        }
        catch (Exception e)
        {
            // Nobody disposes of a fixture that did not come up.
            await DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{_silo?.Output}", e);
        }
    }

    public async Task DisposeAsync()
    {
        _shop?.Dispose();
        _silo?.Dispose();
        await _simulator.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task TimeAsync(string part, Func<Task> run)
    {
        var started = TimeProvider.System.GetTimestamp();
        await run();
        Timings.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(started).TotalMilliseconds,8:N0} ms  {part}"));
    }

    private IEnumerable<CrashRow> RowsOnTheWay => Rows.Where(row => row.Moment.Failpoint is null);

    private Task<Books> ReadBooksAsync() => Books.ReadAsync(_simulator, Rows.Select(row => row.Account).Distinct(StringComparer.Ordinal));

    private static void Hurry(JsonObject connector, int settlingWindow)
    {
        connector["timeout_ms"] = 20_000;
        connector["inquiry"] = new JsonObject { ["first_after_ms"] = 100, ["not_found_final_after_seconds"] = settlingWindow };
    }

    // Which rows die together. The silent ones come first: they have to grow old.
    private IEnumerable<CrashRow[]> Starts()
    {
        var ofJournal = Rows.Where(row => row.Moment.IsOfJournal).OrderBy(row => row.Repeats).GroupBy(row => (row.Repeats, row.Moment));
        return [[.. Rows.Where(row => !row.Moment.IsOfJournal)], .. ofJournal.SelectMany(rows => rows.Chunk(TableSilo.Writers))];
    }

    private async Task StartAsync(bool sweeps)
    {
        if (_silo is { } dead)
        {
            if (!dead.Output.Contains("Failpoints are enabled", StringComparison.Ordinal)) Complaints.Add("a start did not warn of its failpoints");
            dead.Dispose();
        }

        _silo = await TableSilo.StartAsync(_folder.Path, _port, _database, sweeps);
    }

    private async Task KillInTheMiddleAsync(CrashRow[] rows)
    {
        for (var index = 0; index < rows.Length; index++) await PrepareAsync(rows[index], index % TableSilo.Writers);
        var (moment, last) = (rows[0].Moment, rows[^1]);
        if (moment.IsLost) await StopBeforeLosingAsync(rows, moment);
        else foreach (var row in rows) await StopAsync(row, kills: moment.Kills && row == last);

        if (!moment.Kills) await _silo.KillAsync();
        else if (await _silo.EndAsync() is not SigKilled and var code) Complaints.Add($"{last}: the silo ended with {code}");
        if (moment.IsLost) await _database.EndConnectionsAsync();

        var books = await ReadBooksAsync();
        foreach (var row in rows)
        {
            row.AnsweredThen = await CountAnsweredAsync(row);
            row.Heard = await HearAsync(row);
            row.Durable = await _database.CountEntriesAsync(row.Payment) - row.EntriesBefore;
            row.ProviderThen = books.Of(row);
        }
    }

    // A key whose payment is written by the given writer, and the payment itself where the request is one to a payment that exists.
    private async Task PrepareAsync(CrashRow row, int writer)
    {
        for (var draw = 0; row.Key.Length == 0; draw++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"row-{row.Number}-{draw}");
            var payment = PaymentId.FromIdempotencyKey(_shop.MerchantId, "payments.create", key);
            if (JournalDatabase.WriterOf(payment, TableSilo.Writers) == writer) (row.Key, row.Payment) = (key, payment);
        }

        if (row.Flow.Path is null) return;
        var created = (await row.CreateAsync(_shop.Api)).Expect(HttpStatusCode.Created);
        if ((string)created["id"]! != row.Payment.Value) throw new InvalidOperationException("An idempotency key stands for another payment than it did.");
        row.EntriesBefore = await _database.CountEntriesAsync(row.Payment);
    }

    private async Task StopAsync(CrashRow row, bool kills)
    {
        var moment = row.Moment;
        if (moment.Failpoint is null)
        {
            var before = _providersTime.Waiting;
            await _simulator.AddFaultAsync(row.Account, "*", "slow", delayMs: (int)GatedTime.Gate.TotalMilliseconds);
            row.Request = row.SendAsync(_shop.Api);
            await Eventually.TrueAsync($"{row}", TimeSpan.FromSeconds(10), () => Task.FromResult(_providersTime.Waiting == before + 1));
            return;
        }

        var operation = moment.IsOfJournal ? null : row.Flow.Operation;
        await _silo.ArmAsync(moment.Failpoint, kills ? "kill" : "hold", row.Payment.Value, operation, skip: Math.Max(0, moment.Record - 1));
        row.Request = row.SendAsync(_shop.Api);
        if (kills) return;

        await _silo.WaitUntilHeldAsync(moment.Failpoint, row);
        if (moment.Failpoint != "during_commit") return;

        // The statement is on its way; that it arrived is what makes this row another than the lost one.
        await Eventually.TrueAsync($"the record of {row}", TimeSpan.FromSeconds(10), async () =>
            await _database.CountEntriesAsync(row.Payment) == row.EntriesBefore + moment.Record);
    }

    // The server takes the statements and cannot begin with them.
    private async Task StopBeforeLosingAsync(CrashRow[] rows, Moment moment)
    {
        if (moment.Record == 2)
        {
            foreach (var row in rows)
            {
                await _silo.ArmAsync("after_effect", "hold", row.Payment.Value, row.Flow.Operation);
                row.Request = row.SendAsync(_shop.Api);
                await _silo.WaitUntilHeldAsync("after_effect", row);
            }
        }

        await _database.LockAsync(rows.Select(row => row.Payment));
        await _silo.ArmAsync(moment.Failpoint!, "hold", PaymentId.Prefix);
        if (moment.Record == 2) await _silo.LetGoAsync("after_effect");
        else foreach (var row in rows) row.Request = row.SendAsync(_shop.Api);

        foreach (var row in rows) await _silo.WaitUntilHeldAsync(moment.Failpoint!, row);
        await _database.WaitForBlockedAsync(rows.Length);
    }

    private static async Task<string> HearAsync(CrashRow row)
    {
        try
        {
            return CrashPage.Of(await row.Request);
        }
        catch (HttpRequestException)
        {
            return "connection lost";
        }
    }

    private async Task<int> CountAnsweredAsync(CrashRow row) =>
        (await _simulator.RequestsAsync(row.Account)).Count(request => request["status"] is { } status && (int)status != 0);

    // The provider acts on what was on its way once each of these payments was asked after, and nothing was found.
    private async Task LetArriveAsync()
    {
        var unasked = RowsOnTheWay.ToList();
        await WaitOrGiveUpAsync("questions after what is on its way", async () =>
        {
            foreach (var row in unasked.ToArray())
            {
                if (await CountAnsweredAsync(row) > row.AnsweredThen) unasked.Remove(row);
            }

            return unasked.Count == 0;
        });
        foreach (var row in unasked) row.Complaints.Add("nobody asked after it");
        _providersTime.Open();
    }

    // The list is read from the database and wakes nobody.
    private async Task WaitForSweeperAsync()
    {
        (await _shop.Api.GetAsync("/payments?merchant_order_id=any")).Expect(HttpStatusCode.OK);
        await WaitOrGiveUpAsync("an outcome of every payment", async () =>
            (await _shop.Api.GetAsync("/payments?status=processing")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Count == 0);
    }

    // Where it does not come true, the rows that it is about say so.
    private static async Task WaitOrGiveUpAsync(string what, Func<Task<bool>> probe)
    {
        try
        {
            await Eventually.TrueAsync(what, TimeSpan.FromSeconds(20), probe);
        }
        catch (TimeoutException)
        {
        }
    }

    private async Task LookAsync()
    {
        var listed = await ListAsync();
        var books = await ReadBooksAsync();
        Complaints.AddRange(books.Strangers(Rows).Select(payment => $"the provider knows {payment}, and nobody asked for it"));
        foreach (var row in Rows)
        {
            row.Final = listed.GetValueOrDefault(row.Payment.Value);
            row.ProviderFinally = books.Of(row);
            books.Compare(row);
            if (row.Repetition is { } repetition) await CompareAnswersAsync(row, repetition);
        }

        Complaints.AddRange(listed.Keys.Except(Rows.Select(row => row.Payment.Value), StringComparer.Ordinal).Select(payment => $"there is a payment {payment} that nobody asked for"));
    }

    private async Task<Dictionary<string, JsonObject>> ListAsync()
    {
        var listed = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var next = "/payments?limit=100"; next is not null;)
        {
            var page = (await _shop.Api.GetAsync(next)).Expect(HttpStatusCode.OK);
            foreach (var payment in page["data"]!.AsArray()) listed.Add((string)payment!["id"]!, payment.AsObject());
            next = (bool)page["has_more"]! ? "/payments?limit=100&starting_after=" + (string)page["data"]!.AsArray()[^1]!["id"]! : null;
        }

        return listed;
    }

    // The first answer is the answer, whoever asks again.
    private async Task CompareAnswersAsync(CrashRow row, ApiAnswer repetition)
    {
        if ((string?)repetition["status"] != "processing" && !JsonNode.DeepEquals(repetition.Json, row.Final)) row.Complaints.Add("the repetition was answered otherwise than the payment is");
        if ((string?)row.Final?["status"] != row.Flow.Outcome) row.Complaints.Add("the repetition did not carry the request through");
        var again = await row.SendAsync(_shop.Api);
        if (!again.Replayed || again.Text != repetition.Text) row.Complaints.Add("a second repetition was answered otherwise than the first");
    }
}
