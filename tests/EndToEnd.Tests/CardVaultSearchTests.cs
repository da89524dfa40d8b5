using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Cards in the vault are searched for in everything that the database leaves.</summary>
public sealed class CardVaultSearchTests
{
    private const int Cards = 20;

    [Fact]
    public async Task No_card_number_in_the_vault_is_in_a_dump_the_logs_or_a_file()
    {
        using var folder = new TemporaryFolder();
        using var log = new LogCapture();
        await using var database = await OwnDatabase.StartAsync();

        // The numbers and the holders are all different and begin alike, so one search is for all.
        var beginning = string.Create(CultureInfo.InvariantCulture, $"4{RandomNumberGenerator.GetInt32(100_000_000, 999_999_999)}");
        var holders = "Holder" + RandomNumberGenerator.GetHexString(12);
        var search = new SecretSearch().For("a card number", beginning).For("a holder", holders);
        var payments = new List<PaymentId>();
        string dump;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path, log.AddTo, database.Settings))
        {
            var vault = silo.Services.GetRequiredService<ICardVault>();
            for (var number = 0; number < Cards; number++)
            {
                var card = beginning + RandomNumberGenerator.GetInt32(100_000, 999_999).ToString(CultureInfo.InvariantCulture);
                var holder = string.Create(CultureInfo.InvariantCulture, $"{holders} {number}");
                payments.Add(PaymentId.FromBits(RandomNumberGenerator.GetBytes(16)));
                await vault.Store(payments[^1], new CardDetails(card, 12, 2035, "123", holder), DateTimeOffset.UtcNow.AddHours(1));

                // Replaced, opened, destroyed: every way in which one goes.
                if (number % 2 == 0) await vault.Store(payments[^1], new CardDetails(card, 11, 2036, null, holder), DateTimeOffset.UtcNow.AddHours(1));
                if (number % 3 == 0) await vault.Open(payments[^1]);
                if (number % 5 == 0) await vault.Destroy(payments[^1]);
            }

            (await silo.Admin.PostAsync("/master_key/rotate", new JsonObject())).Expect(HttpStatusCode.OK);
            await CheckpointAsync(database);
            dump = await DumpAsync(database);
        }

        List<string> found = [.. search.In("the dump", dump), .. log.Entries.SelectMany(entry => search.In($"a log entry of {entry.Category}", entry.Text))];
        foreach (var root in new[] { folder.Path, database.Cluster.Folder }) found.AddRange(await search.InFilesAsync(root));
        Assert.True(found.Count == 0, string.Join("\n", found.Distinct(StringComparer.Ordinal)));

        // A search that finds nothing anywhere proves nothing.
        var present = new SecretSearch().For("a payment", payments[1].Value);
        Assert.NotEmpty(present.In("the dump", dump));
        var holding = await present.InFilesAsync(database.Cluster.Folder);
        Assert.Contains(holding, file => file.Contains("/pg_wal/", StringComparison.Ordinal));
        Assert.Contains(holding, file => file.Contains("/base/", StringComparison.Ordinal));
    }

    private static async Task CheckpointAsync(OwnDatabase database)
    {
        await using var superuser = NpgsqlDataSource.Create(database.Cluster.SuperuserConnectionString);
        await using var checkpoint = superuser.CreateCommand("CHECKPOINT");
        await checkpoint.ExecuteNonQueryAsync();
    }

    private static async Task<string> DumpAsync(OwnDatabase database)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.Cluster.ConnectionString);
        var program = Path.Combine((await PostgresBinaries.FindAsync(majorOfCluster: null, CancellationToken.None)).Folder, "pg_dump");
        using var dump = Process.Start(new ProcessStartInfo(
            program, ["--no-owner", "-h", connection.Host!, "-U", connection.Username!, connection.Database!])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }
}
