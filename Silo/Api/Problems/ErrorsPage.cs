using System.Globalization;
using System.Text;

namespace OrleansPayments.Silo.Api.Problems;

/// <summary>Renders <c>docs/errors.md</c> from the catalogue.</summary>
internal static class ErrorsPage
{
    private const string Head = """
        # Errors

        <!-- Generated from Silo/Api/Problems/ProblemCatalogue.cs; a test keeps the two equal. -->

        Every error answer is `application/problem+json` (RFC 9457) with `type` (its place on this page), `title`, `status`, `detail`, `code`, `request_id` and,
        where one field is at fault, `param`: a JSON pointer into the body, or into the object that the query parameters form (`/limit`).
        Decide by `code`; codes do not change. A declined payment is no error: it answers 201 with `status: "declined"`.

        400 is for what the request alone shows to be wrong; 422 for a well-formed request that this installation, its present state or the present time cannot accept.
        Of several faults one is reported: what is malformed before what is missing, and 400 before 422. Every problem with status 503 has a `Retry-After` header.

        | code | status | title |
        |---|---|---|

        """;

    public static string Render()
    {
        var page = new StringBuilder(Head);
        foreach (var kind in ProblemCatalogue.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| [`{kind.Code}`](#{kind.Code}) | {kind.Status} | {kind.Title} |\n");
        }

        foreach (var kind in ProblemCatalogue.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {kind.Code}\n\n{kind.Status} {kind.Title}. {kind.Remedy}\n");
        }

        return page.ToString();
    }
}
