using System.Globalization;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// Stripe's search query language over PaymentIntents (docs.stripe.com/search#search-query-language): clauses <c>field:value</c> joined
/// by a space, AND or OR (not both), each negated by a leading <c>-</c>. Fields: <c>amount</c> and <c>created</c> (numbers, also with
/// <c>&gt; &gt;= &lt; &lt;=</c>), <c>currency</c>, <c>customer</c>, <c>status</c> (text) and <c>metadata['key']</c> (text, or <c>null</c> for absent).
/// </summary>
internal sealed class SearchQuery
{
    private const int MaxClauses = 10;

    private readonly List<Clause> _clauses = [];
    private bool _any;

    private SearchQuery()
    {
    }

    /// <summary>An attempt reference that every match must have, so that only those intents need a look; null if there is none.</summary>
    public string? Attempt { get; private set; }

    /// <summary>The query, or null and a sentence for the caller.</summary>
    public static SearchQuery? Parse(string text, out string? problem)
    {
        var query = new SearchQuery();
        var reader = new SearchReader(text);
        string? joiner = null;
        while (true)
        {
            if (query._clauses.Count == MaxClauses)
            {
                problem = $"it has more than {MaxClauses} clauses.";
                return null;
            }

            problem = reader.ReadClause(out var negated, out var field, out var key, out var comparison, out var value, out var quoted);
            Func<PaymentIntent, bool>? test = null;
            problem ??= Compile(field, key, comparison, value, quoted, out test);
            if (problem is not null) return null;

            query._clauses.Add(new Clause(negated, test!));
            if (!negated && quoted && field == "metadata" && key == StripeAccount.AttemptKey && comparison == ":") query.Attempt = value;

            if (reader.AtEnd) break;
            var next = reader.ReadJoiner();
            if (joiner is not null && next != joiner)
            {
                problem = "AND and OR cannot be mixed.";
                return null;
            }

            joiner = next;
        }

        query._any = joiner == "OR";
        if (query._any) query.Attempt = null;
        return query;
    }

    public bool Matches(PaymentIntent intent)
    {
        foreach (var (negated, test) in _clauses)
        {
            if (test(intent) != negated == _any) return _any;
        }

        return !_any;
    }

    private static string? Compile(string field, string? key, string comparison, string value, bool quoted, out Func<PaymentIntent, bool>? test)
    {
        test = null;
        if (field is "amount" or "created") return CompileNumber(field, comparison, value, out test);
        if (comparison != ":") return $"{field} can only be compared with ':'.";
        if (field == "metadata" && !quoted && value == "null")
        {
            test = intent => intent.MetadataOf(key!) is null;
            return null;
        }

        if (!quoted) return $"the value of {field} must be in quotation marks.";
        test = field switch
        {
            "metadata" => intent => intent.MetadataOf(key!) == value,
            "status" => intent => StripeNames.Of(intent.Status) == value,
            "currency" => intent => string.Equals(intent.Currency, value, StringComparison.OrdinalIgnoreCase),
            "customer" => intent => intent.Customer == value,
            _ => null,
        };
        return test is null ? "PaymentIntents are searched by amount, created, currency, customer, metadata or status." : null;
    }

    private static string? CompileNumber(string field, string comparison, string value, out Func<PaymentIntent, bool>? test)
    {
        test = null;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return $"{field} is compared with whole numbers.";

        Func<PaymentIntent, long> read = field == "amount" ? intent => intent.Amount : intent => intent.Created.ToUnixTimeSeconds();
        test = comparison switch
        {
            ":" => intent => read(intent) == number,
            ">" => intent => read(intent) > number,
            ">=" => intent => read(intent) >= number,
            "<" => intent => read(intent) < number,
            "<=" => intent => read(intent) <= number,
            _ => null,
        };
        return test is null ? $"{field} cannot be compared with '{comparison}'." : null;
    }

    private readonly record struct Clause(bool Negated, Func<PaymentIntent, bool> Test);
}
