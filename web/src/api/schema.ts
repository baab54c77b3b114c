// Generated from openapi.json by `npm run gen`. Do not edit.

export interface paths {
    "/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the caller's own password and ends their sessions. */
        put: operations["put_account_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, by name. */
        get: operations["get_accounts"];
        put?: never;
        /** Makes an account. */
        post: operations["post_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes an account. */
        patch: operations["patch_accounts_name"];
        trace?: never;
    };
    "/api/v1/accounts/{name}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a one-time sign-in link for an account. */
        post: operations["post_accounts_name_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a token for an account. Only the operator at the machine may: anyone else would act in
         *     another's name.
         */
        post: operations["post_accounts_name_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Writes everything into a folder of the server's machine: every original, where it came from,
         *     and the catalog's rows. Only for the operator at the machine.
         */
        post: operations["post_archive_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends sealed segments where they belong: the second copy, the tier. */
        post: operations["post_archive_keep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes for good what was deleted long enough ago, from the archive, the tier and (at the
         *     next round) the second copy. This can't be undone.
         */
        post: operations["post_archive_purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/recompress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps uncompressed pixels of sealed segments in a smaller form, without loss. */
        post: operations["post_archive_recompress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads every byte of the archive and compares it with its digest. The answer is a line of
         *     JSON for each piece of progress, and a last one with `done` or `failed`.
         */
        post: operations["post_archive_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files attached to a patient, exam or project. */
        get: operations["get_attachments"];
        put?: never;
        /** Attaches a file: the body, of any type and size. It is durable when this answers. */
        post: operations["post_attachments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An attached file's bytes. */
        get: operations["get_attachments_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, newest first. */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that fit, oldest first, as a file. */
        get: operations["get_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log's head. */
        get: operations["get_audit_head"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads the whole log and checks it. */
        post: operations["post_audit_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalog/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the catalog again from the archive alone. What arrives meanwhile is taken, and indexed
         *     at the end.
         */
        post: operations["post_catalog_rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many patients and exams a definition means. Who may not see rows gets counts that say nothing of anybody. */
        post: operations["post_cohort_counts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-language": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tables and columns that questions are made of. */
        get: operations["get_cohort_language"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The patients and exams a definition means, for who may see rows. */
        post: operations["post_cohort_members"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A definition as SQL over the tables of facts, for a cluster that reads them itself. */
        post: operations["post_cohort_sql"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What values a column has. */
        post: operations["post_cohort_values"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Why a patient is in, or out: what was found of each criterion. */
        post: operations["post_cohort_why"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which words of reports can be asked for. It tells of the lexicon, and nothing of any report. */
        post: operations["post_cohort_words"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohorts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's cohorts, and those that others share; the last changed first. */
        get: operations["get_cohorts"];
        put?: never;
        /** Keeps a new cohort. */
        post: operations["post_cohorts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohorts/frozen/{frozen}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was in a frozen cohort, for who may see rows. The list is checked against the digest. */
        get: operations["get_cohorts_frozen_frozen_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohorts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A cohort with all its versions. */
        get: operations["get_cohorts_id"];
        /** Changes a cohort; another question is another version of it. */
        put: operations["put_cohorts_id"];
        post?: never;
        /** Takes a cohort off the list; what was frozen of it stays. */
        delete: operations["delete_cohorts_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohorts/{id}/frozen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Freezes the newest version of a cohort: definition, members and version of the facts, under an id to be cited. */
        post: operations["post_cohorts_id_frozen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files with other content under a UID that was held already, the latest first. */
        get: operations["get_conflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts/{sha256}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The later file's attributes, to be compared with the original's. */
        get: operations["get_conflicts_sha256_attributes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts/{sha256}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The later file's bytes, as they came. The original is retrieved as ever. */
        get: operations["get_conflicts_sha256_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deletions that can be undone, the latest first. */
        get: operations["get_deleted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's downloads, the latest first. */
        get: operations["get_downloads"];
        put?: never;
        /**
         * Asks for a package of exams: instances (`dicom`), volumes (`nifti`) or a table of attributes (`csv`).
         *     It is made in the background and kept for some hours.
         */
        post: operations["post_downloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A download and how far it is. */
        get: operations["get_downloads_id"];
        put?: never;
        post?: never;
        /** Cancels a download that waits or runs; forgets one that has ended, with its file. */
        delete: operations["delete_downloads_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads/{id}/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for the same once more: for one that failed, was cancelled or whose file is gone. What may be
         *     taken out is asked anew, and what has arrived meanwhile is in it.
         */
        post: operations["post_downloads_id_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The file of a download that is done. Ranges of bytes can be asked for, so that a fetch that broke off
         *     is taken up where it was.
         */
        get: operations["get_downloads_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exams, newest first. */
        post: operations["post_exams_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An exam with its series and instances, and where it came from. */
        get: operations["get_exams_study"];
        put?: never;
        post?: never;
        /** Hides an exam. It can be restored until it is purged. */
        delete: operations["delete_exams_study"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/attributes.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attributes of an exam's instances as a table (CSV). */
        get: operations["get_exams_study_attributes_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/files/{id}/slide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole slide that a TIFF or SVS file is which is attached to an exam. */
        get: operations["get_exams_study_files_id_slide"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/files/{id}/slide/glass/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of the glass of an attached file. */
        get: operations["get_exams_study_files_id_slide_glass_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/files/{id}/slide/tiles/{level}/{column}/{row}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tile of an attached file: level (0 is the coarsest), column and row, from 0. */
        get: operations["get_exams_study_files_id_slide_tiles_level_column_row"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/instances/{sop}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All attributes of an instance, group 2 of its file first, without pixel data. */
        get: operations["get_exams_study_instances_sop_attributes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/instances/{sop}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The PDF of an Encapsulated PDF instance. Anything else is not given out under this type. */
        get: operations["get_exams_study_instances_sop_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An exam's order, report, encounter, with the evidence; the care it was part of; and what came of what was asked. */
        get: operations["get_exams_study_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows a deleted exam again: undoes every deletion of it or of its parts. */
        post: operations["post_exams_study_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/segmentations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's segmentations of an exam in their newest version. */
        get: operations["get_exams_study_segmentations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/segmentations/{series}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A segmentation with its masks, packed as changes are. */
        get: operations["get_exams_study_segmentations_series"];
        /**
         * Marks pixels in a segmentation of one's own, or begins one under a new Series Instance UID. It is durable
         *     when this answers. A change of one that is there names the version it was made from as `If-Match: "3"`.
         */
        put: operations["put_exams_study_segmentations_series"];
        post?: never;
        /** Takes a segmentation of one's own away; it can be restored as anything deleted can. */
        delete: operations["delete_exams_study_segmentations_series"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/nifti": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All volumes of a series with their sidecars, and what could not be converted, as a ZIP file. */
        get: operations["get_exams_study_series_series_nifti"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/slide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole slide that a series is. */
        get: operations["get_exams_study_series_series_slide"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/slide/glass/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of the glass: its label or the whole of it, counted from 0 as the slide lists them. */
        get: operations["get_exams_study_series_series_slide_glass_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/slide/tiles/{level}/{column}/{row}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tile: level (0 is the coarsest), column and row, from 0. */
        get: operations["get_exams_study_series_series_slide_tiles_level_column_row"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The volumes a series gives, and what of it gives none. */
        get: operations["get_exams_study_series_series_volumes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/series/{series}/volumes/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One volume, counted from 1, as a `.nii.gz` file. */
        get: operations["get_exams_study_series_series_volumes_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a token that reads this exam and nothing else, in the name of the caller, until it ends, is revoked
         *     among the caller's tokens, or the caller may no longer read the exam.
         */
        post: operations["post_exams_study_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's measurements of an exam in their newest version, and those in reports of other programs. */
        get: operations["get_exams_study_work"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/work-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How measurements were: every version anybody made, the newest first. To have one back, it is sent again
         *     as a change of the version there is.
         */
        get: operations["get_exams_study_work_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/work/{tracking_uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Draws or changes a measurement of one's own. It is durable when this answers. A new one is sent with
         *     `If-None-Match: *` or neither header, a changed or removed one with the version it was made from as
         *     `If-Match: "3"`.
         */
        put: operations["put_exams_study_work_tracking_uid"];
        post?: never;
        /** Removes a measurement of one's own: a new version that says so. Earlier ones stay. */
        delete: operations["delete_exams_study_work_tracking_uid"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How everything that can go wrong by itself stands. */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What arrived lately, what needs somebody, what the caller had open. */
        get: operations["get_home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invented-population": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How large the invented population is, and how much of it is made. */
        get: operations["get_invented_population"];
        /** Has an invented population of some size; one of nobody takes it away. Its facts are made in the background. */
        put: operations["put_invented_population"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/omop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tables of the OMOP CDM 5.4 and its imaging extension that the facts give, for who may see rows. */
        get: operations["get_omop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/omop/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows of a table of the OMOP CDM of some persons, for who may see rows. */
        get: operations["get_omop_table"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{study}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The patient of an exam. */
        get: operations["get_patients_study"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All peers, by name. */
        get: operations["get_peers"];
        put?: never;
        /** Enters a peer, or changes the entry of that name. */
        post: operations["post_peers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a peer. */
        delete: operations["delete_peers_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/echo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a peer for an answer (C-ECHO). */
        post: operations["post_peers_name_echo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetches an exam from a peer (C-MOVE to us), in the background. */
        post: operations["post_peers_name_fetch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a peer asked at once for the exams of the days just past; in its hours. */
        post: operations["post_peers_name_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a peer what it has (C-FIND, study root). */
        post: operations["post_peers_name_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends an exam to a peer (C-STORE), in the background. */
        post: operations["post_peers_name_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a peer's owner allows, and how far the peer has told what it holds. */
        get: operations["get_peers_name_terms"];
        /**
         * Says what a peer's owner allows. A peer that is not to be asked any more is forgotten with all it told; one that is
         *     to be asked from an earlier day is asked again from there.
         */
        put: operations["put_peers_name_terms"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All policies, the ready-made ones first, each with its versions. */
        get: operations["get_policies"];
        put?: never;
        /** Keeps a new policy, as a draft in version 1, under the id that its document bears. */
        post: operations["post_policies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attributes of the standard that a rule can name, by keyword. */
        get: operations["get_policies_attributes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says whether a document is a policy, and where it is wrong. Data comes back as text and text as data; nothing is kept. */
        post: operations["post_policies_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What differs between two policies: keys of the documents first, then what becomes of attributes. */
        post: operations["post_policies_compare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/ctp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a CTP anonymizer script into a policy, with a list of what can't be carried over. Nothing is kept. */
        post: operations["post_policies_ctp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The options of the Basic profile (PS3.15 §E.3), for forms. */
        get: operations["get_policies_options"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a policy would make of an instance that is here: each attribute before and after, and the rule that decided.
         *     Codes, UIDs and dates are examples: the key is made for previews alone.
         */
        post: operations["post_policies_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All versions of a policy, the newest first. */
        get: operations["get_policies_id_versions"];
        put?: never;
        /** Keeps the next version of a policy, as a draft. The ones before stay as they are. */
        post: operations["post_policies_id_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version of a policy, as it was written and as data. */
        get: operations["get_policies_id_versions_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{id}/versions/{version}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves a draft. Its author can't, where another account has the right. */
        post: operations["post_policies_id_versions_version_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects the caller may see. */
        get: operations["get_projects"];
        put?: never;
        /** Makes a project. */
        post: operations["post_projects"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project. */
        get: operations["get_projects_project"];
        /** Changes a project. Another policy has everything made anew; until then nothing of it is shown. */
        put: operations["put_projects_project"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/anew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has all subjects passed through the wall again: what was withheld may have become possible. */
        post: operations["post_projects_project_anew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much can be seen in a project, and what is withheld for which reason. */
        get: operations["get_projects_project_coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides about an object in doubt, or about all that look like it, and has them pass again. */
        post: operations["post_projects_project_decisions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/decisions/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The project's policy with the decisions about kinds of images as rules of its own, as TOML: a draft to be kept as
         *     a policy and used elsewhere.
         */
        get: operations["get_projects_project_decisions_policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/decisions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a decision back; everything in the project is made anew without it. */
        delete: operations["delete_projects_project_decisions_number"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The evidence of a project, the newest first. */
        get: operations["get_projects_project_evidence"];
        put?: never;
        /** Has everything that the project shows searched for what identifies its patients. */
        post: operations["post_projects_project_evidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/evidence/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a piece of evidence says. */
        get: operations["get_projects_project_evidence_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/evidence/{number}/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed pack: `policy.toml`, `evidence.json`, `evidence.md`, `evidence.sig`. */
        get: operations["get_projects_project_evidence_number_pack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/exams/{study}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reports of an exam of the project, without what identifies people. Reports whose exam is not sure are left out. */
        get: operations["get_projects_project_exams_study_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/explanations/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells for each attribute of an object in the project what became of it and by which rule of the policy. What stood
         *     there before is left empty.
         */
        get: operations["get_projects_project_explanations_instance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The wishes to know who subjects are, the newest first. */
        get: operations["get_projects_project_identities"];
        put?: never;
        /** Asks who a subject is. Somebody else has to answer. */
        post: operations["post_projects_project_identities"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/identities/{request}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers somebody else's wish. */
        post: operations["post_projects_project_identities_request_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/identities/{request}/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows the patient to the one who asked, once. */
        post: operations["post_projects_project_identities_request_show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a project. */
        get: operations["get_projects_project_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/members/{member}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Adds a member, or changes what it is in the project. */
        put: operations["put_projects_project_members_member"];
        post?: never;
        /** Takes a member out. */
        delete: operations["delete_projects_project_members_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a decision, the most first, and what was decided, the newest first. */
        get: operations["get_projects_project_review"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/review/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An object in doubt, with what a search would mask. */
        get: operations["get_projects_project_review_instance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The subjects of a project, by code. */
        get: operations["get_projects_project_subjects"];
        put?: never;
        /**
         * Enrols the patients of exams. Each gets a code that follows from the project's key; in another project the
         *     same patient has an unrelated one.
         */
        post: operations["post_projects_project_subjects"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/subjects/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a subject out of the project: from now on nothing of it is shown. */
        delete: operations["delete_projects_project_subjects_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/subjects/{code}/consents/{purpose}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps what a subject said of a use. The last word counts; what was said before stays readable in the ledger. */
        put: operations["put_projects_project_subjects_code_consents_purpose"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project}/withheld": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the wall kept back. */
        get: operations["get_projects_project_withheld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files that wait in quarantine, the newest first. */
        get: operations["get_quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes, as they came. */
        get: operations["get_quarantine_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a file off the list. Its bytes are kept until they are purged. */
        post: operations["post_quarantine_id_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the bytes through the door again, under today's rules. */
        post: operations["post_quarantine_id_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tables that map codes, the latest first. One is brought in by `POST /records/sources?format=codes`. */
        get: operations["get_records_codes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/codes/look-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a code or unit means by the tables that hold now. */
        post: operations["post_records_codes_look_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/doubts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open doubts about who is who, the oldest first. */
        get: operations["get_records_doubts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/doubts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides a doubt. The decision stands above every message. */
        post: operations["post_records_doubts_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/fhir-servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The FHIR servers that are asked for what is new, and how it stands with each. */
        get: operations["get_records_fhir_servers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/fhir-servers/{name}/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a FHIR server for what is new, as soon as may be. */
        post: operations["post_records_fhir_servers_name_poll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/links/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Links nobody is sure of, with both sides, the oldest first. */
        get: operations["get_records_links_waiting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides a link. No rule changes it any more. */
        post: operations["post_records_links_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/people/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Joins two identifiers to one person, or parts them. */
        post: operations["post_records_people_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/people/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The persons with an identifier. */
        post: operations["post_records_people_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person's record on one axis of time. */
        get: operations["get_records_people_person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/people/{person}/medications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a person takes and took, of every source as one history. A medicine is current when something says that it
         *     goes on, or when the last that is known of it lies within `records.current_medication_days`.
         */
        get: operations["get_records_people_person_medications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far reading all reports with the engine and lexicon in use has come. */
        get: operations["get_records_readings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/readings/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads all reports with the engine and lexicon in use. Readings by earlier ones stay. It goes on in the background when the
         *     caller goes away, and after a restart.
         */
        post: operations["post_records_readings_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/readings/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Precision, recall and F1 with intervals at 95 %, by what people said of checked reports. */
        get: operations["get_records_readings_quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/readings/to-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports to be checked by a person: the most uncertain first, then a sample of each site and modality. */
        get: operations["get_records_readings_to_check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/reports/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports that say something. Words that name a finding find it however a report puts it. */
        post: operations["post_records_reports_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages and files about patients, the latest first. */
        get: operations["get_records_sources"];
        put?: never;
        /** Brings in a message or file about patients: the body. It is durable when this answers, and read in a moment. */
        post: operations["post_records_sources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message or file, and what of it could not be read. */
        get: operations["get_records_sources_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/sources/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A message's or file's bytes, as they came. */
        get: operations["get_records_sources_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/sources/{id}/read-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a message or file once more, as this program reads it now. */
        post: operations["post_records_sources_id_read_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much of everything there is, and how much waits for somebody. */
        get: operations["get_records_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One record, by its number or its FHIR id: what holds, every version it had, where each word of it comes from, and
         *     what a report says.
         */
        get: operations["get_records_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/{id}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people said that a report means. */
        get: operations["get_records_id_checks"];
        put?: never;
        /** Says what a report means, after looking at what was read. It is kept beside the reading and changes nothing in it. */
        post: operations["post_records_id_checks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who used what, for what: for who decides what leaves, and for auditors. */
        get: operations["get_register"];
        put?: never;
        /** Which releases one patient is in. The exam is posted, so that it is in no address. */
        post: operations["post_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The releases the caller asked for, may receive or decides on; the latest first. */
        get: operations["get_releases"];
        put?: never;
        /** Asks for the data of a frozen cohort in a project's terms. Somebody else decides. */
        post: operations["post_releases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A release with all the caller may know of it. */
        get: operations["get_releases_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the package made again, from the beginning: for one that waits or failed. */
        post: operations["post_releases_id_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a request back, by who asked. */
        post: operations["post_releases_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves or refuses a release. Nobody decides on what they asked for; where the project says so, two approve. */
        post: operations["post_releases_id_decisions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/ethics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ethics document, as it was given. */
        get: operations["get_releases_id_ethics"];
        /** Gives the ethics document: a PDF or text, by who asked, while nobody has decided. */
        put: operations["put_releases_id_ethics"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a package, with their sums. */
        get: operations["get_releases_id_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/files/{*path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file. Ranges of bytes can be asked for; its tag is its SHA-256. */
        get: operations["get_releases_id_files_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/package.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole package as a ZIP file. */
        get: operations["get_releases_id_package_zip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a release back: nothing of it can be received from now on. */
        post: operations["post_releases_id_recall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{id}/without": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the package made without the exams that are still in a PACS; they are told as missing. */
        post: operations["post_releases_id_without"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules as they stand. */
        get: operations["get_routing"];
        put?: never;
        /** Keeps a new rule. It is off until it is switched on. */
        post: operations["post_routing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries conditions on the exams of the last days; nothing is sent. */
        post: operations["post_routing_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Makes the next version of a rule: other conditions, or switched on or off. */
        put: operations["put_routing_id"];
        post?: never;
        /** Takes a rule away. What it has begun to send goes on. */
        delete: operations["delete_routing_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All versions of a rule, the newest first. */
        get: operations["get_routing_id_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finds patients, exams, series, instances, attached files and peers by whatever was typed. */
        post: operations["post_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["get_session"];
        put?: never;
        /** Signs in with a password; the answer sets the session cookie. */
        post: operations["post_session"];
        /** Signs out; the session ends at once. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answers a statement that reads the facts, for who may see rows; or the tables of a release, which have the rows and
         *     columns that were approved, in the project's terms, for who may receive it. The header `isocenter-facts` names the version.
         *     An answer that breaks off is not whole: it is told by the connection.
         */
        post: operations["post_sql"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of the shelves. Nothing in it is about anyone. */
        get: operations["get_storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The product's version and doors; more for those who are signed in. */
        get: operations["get_system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's tokens, newest first. */
        get: operations["get_tokens"];
        put?: never;
        /** Makes a token for the caller. */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes one of the caller's tokens. */
        delete: operations["delete_tokens_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest transfers, newest first. */
        get: operations["get_transfers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Cancels a transfer that waits or runs. It stops within moments; what has arrived stays. */
        delete: operations["delete_transfers_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries a transfer again that failed or was cancelled. */
        post: operations["post_transfers_id_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins an upload. */
        post: operations["post_uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files that arrived, so that the rest alone need be sent. */
        get: operations["get_uploads_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Takes one file. It is durable when this answers. Sent again, it is found to be held already. */
        put: operations["put_uploads_id_files"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends an upload and sums it up. */
        post: operations["post_uploads_id_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether exactly this file is held still, for a sender that remembers having sent it. */
        get: operations["get_uploads_id_held"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Other viewers that exams can be opened in, and who may show ours in a frame. */
        get: operations["get_viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All withdrawals, the latest first. */
        get: operations["get_withdrawals"];
        put?: never;
        /** Withdraws a patient from all research, in one act. */
        post: operations["post_withdrawals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A withdrawal: what was done, and what waits for a person. */
        get: operations["get_withdrawals_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawals/{id}/steps/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks what a person had to do as done. */
        post: operations["post_withdrawals_id_steps_number"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The account that acts. */
        Account: {
            name: string;
            roles: string[];
        };
        /** @description All accounts. */
        AccountList: {
            accounts: components["schemas"]["AccountRow"][];
        };
        /** @description One account. */
        AccountRow: {
            createdAt: string;
            disabled: boolean;
            /** @description Whether it signs in with OpenID Connect. */
            hasOidc: boolean;
            hasPassword: boolean;
            name: string;
            roles: string[];
            signedInAt?: string | null;
        };
        /** @enum {string} */
        Action: "query" | "read" | "measure" | "store" | "delete" | "undelete" | "purge" | "quarantine" | "curate" | "manage-accounts" | "manage-own-account" | "manage-peers" | "manage-routing" | "manage-policies" | "read-audit" | "export" | "operate" | "status" | "manage-projects" | "lead-project" | "query-project" | "read-project" | "reidentify" | "count" | "release";
        /** @description What a control has in common with its case, at the exams they are compared by. */
        Alike: {
            /** @description What. */
            on: components["schemas"]["On"];
            /**
             * Format: int32
             * @description Of age and year, how many years they may be apart; none: 0.
             */
            within?: number | null;
        };
        /**
         * @description What a person says of a doubt.
         * @enum {string}
         */
        Answer: "same" | "different" | "dismiss";
        AnswerBody: {
            granted: boolean;
        };
        /** @description What was typed. It travels in a body: an address with a name in it would be kept in logs and histories. */
        AnythingSearch: {
            /** @description Of each kind; 6 unless said, 50 at most. */
            limit?: number | null;
            /** @description A name in any order, an ID, an accession number, a UID, a date, a modality, words. */
            q: string;
            /** @description The day of who asks, YYYY-MM-DD, for words such as "today"; the server's in UTC unless said. */
            today?: string | null;
        };
        /** @description What must be so around a row. */
        Around: {
            /** @description It is not there. */
            absent?: boolean;
            /** @description What is there. */
            has: components["schemas"]["Criterion"];
            /** @description How near. */
            near: components["schemas"]["Near"];
            without?: null | components["schemas"]["Criterion"];
        };
        /** @description What arrived in the hours asked for. */
        Arrived: {
            byModality: components["schemas"]["ArrivedOfModality"][];
            bySender: components["schemas"]["ArrivedFrom"][];
            /** @description False where more arrived than are counted. */
            exact: boolean;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            hours: number;
        };
        /** @description What arrived from one sender. */
        ArrivedFrom: {
            account: string;
            door: string;
            /** Format: int64 */
            exams: number;
            lastAt: string;
            peer: string;
        };
        /** @description What arrived of one modality. */
        ArrivedOfModality: {
            /** Format: int64 */
            exams: number;
            /**
             * Format: int64
             * @description Instances that the exams have of it.
             */
            instances: number;
            modality: string;
        };
        /** @description An exam, and when something of it came last. */
        Arriving: {
            exam: components["schemas"]["Exam"];
            lastAt: string;
        };
        /** @description What is wanted. */
        Asked: {
            /** @description The text of an answer key, which is scored. It is kept in memory alone until then. */
            answers?: string | null;
        };
        /** @description An attached file. */
        Attachment: {
            /** @description Who attached it. */
            account: string;
            /** @description SHA-256 of its bytes. */
            digest: string;
            id: string;
            mediaType: string;
            name: string;
            receivedAt: string;
            /** Format: int64 */
            size: number;
        };
        /** @description The files attached to one subject. */
        AttachmentList: {
            items: components["schemas"]["Attachment"][];
        };
        /** @description An attribute. */
        Attribute: {
            /** @description The private creator. */
            creator?: string | null;
            /** @description The items of a sequence. */
            items?: components["schemas"]["Attribute"][][] | null;
            /** @description The standard's keyword; absent for private and unknown ones. */
            keyword?: string | null;
            /** @description Bytes of a value that is not shown. */
            length?: number | null;
            /** @description The standard's name. */
            name?: string | null;
            /** @description SHA-256 of those bytes, to tell two apart. */
            sha256?: string | null;
            /** @description Eight hexadecimal digits. */
            tag: string;
            /** @description The values as text; absent for sequences and raw bytes. */
            value?: string[] | null;
            vr: string;
        };
        /** @description Where the chain stands, as `seq:hash`; kept elsewhere, it proves later that nothing was cut off. */
        AuditHead: {
            head: string;
        };
        /** @description Heads that were recorded before. */
        AuditRecorded: {
            /** @description Each as `seq:hash`. */
            heads?: string[];
        };
        /** @description One row. */
        AuditRow: {
            action: string;
            actor: string;
            at: string;
            detail: Record<string, never>;
            door: string;
            hash: string;
            outcome: string;
            resources: string[];
            /** Format: int64 */
            seq: number;
        };
        /** @description Rows, newest first. */
        AuditRows: {
            rows: components["schemas"]["AuditRow"][];
        };
        /** @description What a check found. */
        AuditVerdict: {
            /** @description What is wrong, in words, with the rows' numbers. */
            faults: string[];
            /** @description Where the chain stands, as `seq:hash`. */
            head: string;
            /**
             * Format: int64
             * @description Rows that were read.
             */
            rows: number;
            /** @description Whether nothing is wrong. */
            whole: boolean;
        };
        /** @description What it is built on. */
        Backends: {
            /** @description `sqlite` or `postgres`. */
            ledger: string;
            /** @description Where complete segments move: `s3`, `folder`, or absent. */
            objects?: string | null;
            /** @description Whether one can sign in with the organisation's own provider. */
            oidc: boolean;
            /** @description Where their second copy lies: `s3`, `folder`, or absent. */
            secondCopy?: string | null;
        };
        /** @description An end of a range. */
        Bound: number | string;
        /** @description A message or file that is durable. */
        Brought: {
            /** @description SHA-256 of its bytes. */
            digest: string;
            /** @description 32 hexadecimal digits; the same for the same bytes. */
            id: string;
        };
        /** @description An object in doubt, to be looked at. */
        CaseShape: {
            /** @description What a search finds that looks like text: left, top, right, bottom in pixels. */
            boxes: number[][];
            columns: number;
            frames: number;
            original: components["schemas"]["OriginalShape"];
            reason: string;
            rows: number;
            /** @description Its UID in the project. */
            sopInstanceUid: string;
        };
        /** @description What to change; what is left out stays. */
        ChangeAccount: {
            disabled?: boolean | null;
            /** @description Ends the account's sessions. */
            password?: string | null;
            roles?: string[] | null;
        };
        /** @description A changed project. */
        ChangedProject: components["schemas"]["ProjectTerms"] & {
            /**
             * Format: int64
             * @description The version that was seen.
             */
            version: number;
        };
        /** @description One thing, and how it stands. */
        Check: {
            /**
             * @description `disk`, `ledger`, `audit`, `indexing`, `sealing`, `keeping`, `recompressing`, `integrity`, `routing`, `mailing`, `text-model`, `transfers`,
             *     `quarantine`, `conflicts`, `web-certificate` or `dicom-certificate`.
             */
            area: string;
            /** @description Which case of this area it is; with the numbers it makes the words. */
            case: string;
            /** @description What the machine said, or what exactly. */
            details?: string[];
            /** @description A moment that belongs to it (RFC 3339). */
            moment?: string | null;
            /**
             * Format: int64
             * @description Bytes, things, milliseconds or days, as the case says.
             */
            number?: number | null;
            /** @description `good`, `attention` or `bad`. */
            state: string;
        };
        /** @description The checks of a report. */
        CheckList: {
            /** @description The latest first. */
            checks: components["schemas"]["CheckRow"][];
        };
        /** @description A check, and whose. */
        CheckRow: components["schemas"]["ReportCheck"] & {
            /** @description When, as RFC 3339. */
            at: string;
            /** @description The account. */
            by: string;
        };
        /** @description A finding as a person sees it. */
        CheckedFinding: {
            /** @description present, possible or absent. */
            assertion: string;
            /**
             * Format: int64
             * @description One after the last.
             */
            end: number;
            /** @description The lexicon's key, such as `pleural_effusion`. */
            finding: string;
            /** @description left, right, bilateral, midline or nothing. */
            laterality?: string | null;
            /**
             * Format: int64
             * @description The first byte of the text.
             */
            start: number;
            /** @description current, historical, resolved, new, changed, unchanged or hypothetical. */
            temporality: string;
            /** @description What was decided. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description A code as received. */
        CodeLookup: {
            code: string;
            /** @description Its system, if it has one. */
            system?: string | null;
        };
        /** @description What a code means. */
        CodeMeaning: {
            code: string;
            display: string;
            system: string;
            /** @description The table that says so; empty for units that are known without one. */
            table: string;
        };
        /** @description What a code means now. */
        CodeMeanings: {
            meanings: components["schemas"]["CodeMeaning"][];
        };
        /** @description A mapping table. */
        CodeSet: {
            /** @description Who brought it. */
            account: string;
            /**
             * Format: int64
             * @description How many codes it maps.
             */
            entries: number;
            /** @description The source it is. */
            id: string;
            /** @description Its name: the latest table of a name holds. */
            name: string;
            /** @description When it came, as RFC 3339. */
            receivedAt: string;
            /** @description `loading`, `active`, `superseded`. */
            state: string;
        };
        /** @description Mapping tables. */
        CodeSetList: {
            /** @description The latest first. */
            tables: components["schemas"]["CodeSet"][];
        };
        /** @description How many, and of what. */
        CohortAnswer: components["schemas"]["CohortCount"] & {
            /** @description What the cohort is made of, where that was asked. */
            facets: components["schemas"]["Facet"][];
        };
        /** @description How many. */
        CohortCount: {
            /** @description SHA-256 of the definition. */
            digest: string;
            /** @description Exams. */
            exams: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description The version of the facts.
             */
            facts: number;
            pairs?: null | components["schemas"]["PairCount"];
            /** @description Patients. */
            patients: components["schemas"]["Count"];
            /** @description The statement that was asked; of a cohort with controls that of its cases. */
            sql: string;
            /**
             * Format: int64
             * @description Milliseconds it took.
             */
            tookMs: number;
        };
        /** @description A cohort, its versions, and what was frozen of it. */
        CohortDetail: {
            cohort: components["schemas"]["KeptCohort"];
            /** @description The newest first. */
            frozen: components["schemas"]["FrozenSummary"][];
            /** @description Whether the caller may change it. */
            own: boolean;
            /** @description The newest first. */
            versions: components["schemas"]["CohortVersion"][];
        };
        /** @description What can be asked. */
        CohortLanguage: {
            /** @description Whether something that came is not in the facts yet. */
            behind: boolean;
            /**
             * Format: int64
             * @description The version of the facts; 0 before there are any.
             */
            facts: number;
            /**
             * Format: int64
             * @description How many of the patients are invented: a population that was made to try questions on.
             */
            invented: number;
            /**
             * Format: int32
             * @description The version of the language.
             */
            language: number;
            /** @description Whether the caller sees rows, and counts as they are. */
            rows: boolean;
            tables: components["schemas"]["FactTable"][];
        };
        /** @description Cohorts. */
        CohortList: {
            cohorts: components["schemas"]["KeptCohort"][];
        };
        /** @description A cohort's id. */
        CohortMade: {
            id: string;
        };
        /** @description Patients and their exams, by patient. */
        CohortMembers: {
            /** @description How many there are. */
            count: number;
            members: components["schemas"]["FrozenRow"][];
        };
        /** @description A question. */
        CohortQuestion: {
            definition: components["schemas"]["Definition"];
            /** @description Whether to tell what the cohort is made of. */
            facets?: boolean;
        };
        /** @description A cohort to be kept. */
        CohortToKeep: {
            /** @description What it is for. */
            about?: string;
            definition: components["schemas"]["Definition"];
            /** @description The cohort it is made from, where it is. */
            forkedFrom?: string | null;
            /** @description Its name. */
            name: string;
            /** @description Whether others see it. */
            shared?: boolean;
        };
        /** @description A version of a cohort. */
        CohortVersion: {
            /** @description What it asks. */
            definition: components["schemas"]["Definition"];
            /** @description SHA-256 of that. */
            digest: string;
            /** @description When, as RFC 3339. */
            madeAt: string;
            /** @description Who made it. */
            madeBy: string;
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            version: number;
        };
        /** @description What was asked for and announced, and what came. */
        Completeness: {
            /**
             * Format: int64
             * @description Instances that others say there are.
             */
            announcedInstances?: number | null;
            /**
             * Format: int64
             * @description Series that others say there are.
             */
            announcedSeries?: number | null;
            /**
             * Format: int64
             * @description Instances in the archive.
             */
            arrivedInstances: number;
            /**
             * Format: int64
             * @description Series in the archive.
             */
            arrivedSeries: number;
            /** @description Where its orders stand: by what was said, and performed or reported where that is seen. */
            orders: string[];
            /** @description The status of its reports. */
            reports: string[];
            /** @description `complete`, `missing` (fewer came than were announced), `more` (more came), `not-announced`. */
            verdict: string;
        };
        /** @description What keeping originals in a smaller form, without loss, has saved. */
        Compression: {
            /**
             * Format: int64
             * @description What they take now.
             */
            after: number;
            /**
             * Format: int64
             * @description What they took before.
             */
            before: number;
            /** @description Whether segments are made smaller on their own. */
            isOn: boolean;
            /** @description Segments that were rewritten. */
            segments: number;
        };
        /** @description What must hold of a patient. */
        Condition: {
            /** @description All of these; of none: everybody. */
            all: components["schemas"]["Condition"][];
        } | {
            /** @description At least one of these. */
            any: components["schemas"]["Condition"][];
        } | {
            /** @description Not this. */
            not: components["schemas"]["Condition"];
        } | {
            /** @description The patient has this. */
            has: components["schemas"]["Criterion"];
        };
        /** @description Which exams a rule is about. What is left empty doesn't count. */
        Conditions: {
            /**
             * @description One of its series has one of these, e.g. `CHEST`.
             * @default []
             */
            bodyParts: string[];
            /**
             * @description It came through one of these: `c-store`, `stow`, `upload`, `import` or `fetch`.
             * @default []
             */
            doors: string[];
            /**
             * @description Keywords and what they must match in one series, with the wildcards and ranges of C-FIND, e.g. `StationName`:
             *     `CT1*`.
             * @default {}
             */
            keys: {
                [key: string]: string;
            };
            /**
             * @description One of its series is of one of these, e.g. `CT`.
             * @default []
             */
            modalities: string[];
            /**
             * Format: int32
             * @description It was made within so many days before it arrived; older ones and those without a date are left alone.
             * @default null
             */
            newerThanDays: number | null;
            /**
             * @description It came from one of these: a peer's entry, an account, or a calling AE title.
             * @default []
             */
            senders: string[];
            /**
             * @description Words that all stand in the exam's description and those of its series.
             * @default
             */
            words: string;
        };
        /** @description Other content under a UID that was held already. */
        ConflictItem: {
            account: string;
            door: string;
            /** Format: int64 */
            id: number;
            peer?: string | null;
            receivedAt: string;
            seriesInstanceUid: string;
            /** @description SHA-256 of the later file. */
            sha256: string;
            /** Format: int64 */
            size: number;
            sopInstanceUid: string;
            studyInstanceUid: string;
        };
        /** @description A page of conflicts. */
        ConflictList: {
            conflicts: components["schemas"]["ConflictItem"][];
            /**
             * Format: int64
             * @description Where the next page begins; absent on the last.
             */
            nextCursor?: number | null;
        };
        ConsentBody: {
            granted: boolean;
        };
        /** @description What was said of a use. */
        ConsentShape: {
            granted: boolean;
            /** @description RFC 3339. */
            saidAt: string;
            saidBy: string;
        };
        /** @description What surrounds an exam. Days are whole days from what is named to the exam; negative: after it. */
        Context: {
            /** @description `IMP`, `AMB`, `EMER` … of the encounter it was made in (v3 ActCode). */
            class?: string | null;
            /** @description Conditions, the first time each was recorded. */
            conditions: components["schemas"]["Since"][];
            /**
             * Format: int64
             * @description Days since that began.
             */
            daysSinceAdmission?: number | null;
            /** @description First dose or order of each medicine. */
            medications: components["schemas"]["Since"][];
            /** @description And after. */
            next: components["schemas"]["Other"][];
            /**
             * Format: int64
             * @description The person, where known.
             */
            person?: number | null;
            /** @description Exams of the same region before, the nearest first. */
            prior: components["schemas"]["Other"][];
            /** @description Procedures that are no imaging, each time. */
            procedures: components["schemas"]["Since"][];
        };
        /**
         * @description People to compare the patients with. A case is compared by its first exam that is meant; a control by one of those
         *     that are meant of it. Nobody is a control twice, and no case is one.
         */
        Controls: {
            /** @description The label of the criteria whose exams are meant of them; none: as in a definition. */
            exams?: string | null;
            /** @description What is alike; what is not known is like nothing. */
            match: components["schemas"]["Alike"][];
            /** @description Who may be one. */
            patients: components["schemas"]["Condition"];
            /**
             * Format: int32
             * @description How many of each case; 1 to 20.
             */
            ratio: number;
            /**
             * Format: int32
             * @description Another number gives another choice among those that are equally near.
             */
            seed?: number;
        };
        /** @description A count as it is told. */
        Count: {
            /**
             * Format: int64
             * @description How many; none where it is hidden.
             */
            count?: number | null;
            /**
             * Format: int64
             * @description Fewer than this, where it is hidden.
             */
            fewerThan?: number | null;
            /** @description How it was protected. */
            protection: components["schemas"]["How"];
        };
        /** @description How many there are. */
        CountOf: {
            /** Format: int64 */
            count: number;
            /** @description The FHIR resource type, or the format of sources. */
            kind: string;
            /** @description Where orders stand, or what became of sources. */
            state: string;
        };
        /** @description How much there is. */
        Counts: {
            /**
             * Format: int64
             * @description What the originals take on the shelves.
             */
            bytes: number;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            instances: number;
            /** Format: int64 */
            patients: number;
            /** Format: int64 */
            series: number;
        };
        /**
         * @description Whether a medicine is taken at a moment, and why.
         * @enum {string}
         */
        Course: "active" | "recent" | "planned" | "stopped" | "past";
        /** @description What can be seen in a project, and what can't. */
        Coverage: {
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            instances: number;
            /** @description Of them, those that have left or did not agree. */
            notUsable: number;
            /** Format: int64 */
            series: number;
            subjects: number;
            /**
             * Format: int64
             * @description Subjects that are being made anew.
             */
            waiting: number;
            withheld: components["schemas"]["WithheldCount"][];
        };
        /** @description A new token with its secret, which is shown this once. */
        CreatedToken: {
            id: string;
            /** @description Send it as `Authorization: Bearer …`. */
            secret: string;
        };
        /** @description Something the patient has. */
        Criterion: {
            /** @description What must be so around it. */
            around?: components["schemas"]["Around"][];
            /**
             * Format: int32
             * @description How many there must be at least; none: one.
             */
            atLeast?: number | null;
            /** @description A name to point at it. */
            label?: string | null;
            /** @description The table of facts: `patient`, `exam`, `series`, `condition` … */
            of: string;
            pick?: null | components["schemas"]["Pick"];
            /** @description Tests that a row passes, all of them. */
            tests?: components["schemas"]["Test"][];
        };
        /** @description What was found of a criterion. */
        CriterionFound: {
            /**
             * Format: int32
             * @description How many are asked for.
             */
            atLeast: number;
            /** @description Where it stands: `patients.all[0].has`. */
            place: string;
            /**
             * Format: int64
             * @description The patient's rows that are so, with what must be around them.
             */
            rows: number;
        };
        /** @description What came of a script. */
        CtpImported: {
            /** @description What it does not carry, in the script's order. */
            leftOut: components["schemas"]["CtpLeftOut"][];
            /** @description The policy as TOML; it is not kept yet. */
            text: string;
        };
        /** @description Something that was not carried over. */
        CtpLeftOut: {
            /** @description The element of the script. */
            element: string;
            /** @description What happens instead, and why. */
            instead: string;
            /** @description What it asked for. */
            script: string;
        };
        /** @description A CTP anonymizer script. */
        CtpScript: {
            /** @description The id that the policy is to bear. */
            id: string;
            /** @description The XML. */
            script: string;
        };
        /** @description A use of data. */
        DataUse: {
            askedBy: string;
            /** Format: int64 */
            exams: number;
            expires: string;
            forms: components["schemas"]["ReleaseForm"][];
            /** Format: int64 */
            patients: number;
            project: string;
            purpose: string;
            /** @description RFC 3339; null before a package was made. */
            readyAt?: string | null;
            receipts: components["schemas"]["UseReceipt"][];
            recipients: components["schemas"]["ReleaseRecipient"][];
            release: string;
            state: components["schemas"]["ReleaseState"];
            title: string;
        };
        /** @description The register. */
        DataUses: {
            uses: components["schemas"]["DataUse"][];
        };
        /** @description The kind of rule that decided. */
        DecidingRule: {
            kind: components["schemas"]["DecidingRuleKind"];
            /** @description Which of the policy's rules, or of its private attributes, from 0. */
            number?: number | null;
            /** @description The option of the Basic profile. */
            option?: string | null;
        };
        /**
         * @description Kinds of rules.
         * @enum {string}
         */
        DecidingRuleKind: "profile" | "option" | "policy" | "private-listed" | "private-unlisted" | "not-named" | "not-in-standard" | "stamp" | "not-readable";
        /** @description What is decided. */
        DecisionBody: {
            /** @description release, mask or withhold. */
            action: string;
            /** @description Whether it counts for all that look like it, those to come too. */
            allAlike?: boolean;
            /** @description To mask: left, top, right, bottom in pixels; right and bottom are the first outside. */
            boxes?: number[][];
            /** @description Why, for whoever reads it later. */
            note?: string;
            /** @description The object that was looked at, by its UID in the project. */
            sopInstanceUid: string;
        };
        /** @description A decision. */
        DecisionShape: {
            /** @description release, mask or withhold. */
            action: string;
            /** @description Left, top, right, bottom in pixels; right and bottom are the first outside. */
            boxes: number[][];
            /** @description RFC 3339. */
            decidedAt: string;
            decidedBy: string;
            /** @description pixels or creators. */
            doubt: string;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["KindShape"];
            note: string;
            /** @description One object, by its SOP Instance UID in the project; nothing: all of the kind. */
            sopInstanceUid?: string | null;
        };
        /** @description A question. */
        Definition: {
            controls?: null | components["schemas"]["Controls"];
            /**
             * @description The label of the criteria whose exams are meant; none: those of every exam that is asked for, or all exams
             *     of the patients where none is.
             */
            exams?: string | null;
            /**
             * Format: int32
             * @description The version of the language: 1.
             */
            language: number;
            /** @description Which patients. */
            patients: components["schemas"]["Condition"];
            sample?: null | components["schemas"]["Sample"];
        };
        /** @description A deletion. */
        Deleted: {
            account: string;
            deletedAt: string;
            exam: components["schemas"]["Exam"];
            /** Format: int64 */
            instances: number;
            reason: string;
            /** @description Present if only this series was deleted. */
            seriesInstanceUid?: string | null;
            /** @description Present if only this instance was deleted. */
            sopInstanceUid?: string | null;
        };
        /** @description Deletions that can be undone. */
        DeletedList: {
            deleted: components["schemas"]["Deleted"][];
        };
        /** @description How DICOM peers call. */
        Dimse: {
            /** @description The application entity title to call. */
            aeTitle: string;
            /**
             * Format: int32
             * @description The TCP port.
             */
            port: number;
        };
        /**
         * @description Which way.
         * @enum {string}
         */
        Direction: "send" | "fetch";
        /** @description A doubt about who is who. */
        Doubt: {
            /** @description What agrees and what doesn't. */
            evidence: Record<string, never>;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /**
             * @description `birth-date` (one identifier, two birth dates), `same-identifier` (one identifier, two people),
             *     `maybe-same` (two identifiers, perhaps one person).
             */
            kind: string;
            /** @description When it was raised, as RFC 3339. */
            raisedAt: string;
            /**
             * Format: double
             * @description How likely they are one person, 0 to 1.
             */
            score: number;
            /** @description The two sides; the same twice for `birth-date`. */
            sides: components["schemas"]["Side"][];
        };
        /** @description An answer to a doubt. */
        DoubtAnswer: {
            answer: components["schemas"]["Answer"];
        };
        /** @description A page of doubts. */
        DoubtList: {
            doubts: components["schemas"]["Doubt"][];
            /**
             * Format: int64
             * @description Where the next page begins; absent on the last.
             */
            nextCursor?: number | null;
        };
        /** @description A download and how far it is. */
        Download: {
            /**
             * Format: int64
             * @description Bytes of the file so far.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Instances that are in it.
             */
            completed: number;
            createdAt: string;
            endedAt?: string | null;
            /** @description When the file is removed. */
            expiresAt?: string | null;
            form: components["schemas"]["Form"];
            /** Format: int64 */
            id: number;
            /** @description How many exams and series were asked for. */
            parts: number;
            /** @description Why it waits or failed. */
            reason?: string | null;
            startedAt?: string | null;
            /** @description waiting, running, done, failed, cancelled, expired */
            state: string;
            /** @description The exam, where it is one. */
            studyInstanceUid?: string | null;
            /**
             * Format: int64
             * @description Instances in all; 0 until they are counted.
             */
            total: number;
        };
        /** @description Whose and what. */
        DownloadList: {
            downloads: components["schemas"]["Download"][];
        };
        /** @description A peer's answer to C-ECHO. */
        EchoBody: {
            /**
             * Format: int64
             * @description Time to connect, associate and answer.
             */
            milliseconds: number;
        };
        /** @description The exams by which patients are enrolled. */
        Enrol: {
            /** @description Study Instance UIDs, 1000 at most. */
            exams: string[];
            /** @description Whether these exams alone belong to the project; otherwise all of the patient, those to come too. */
            onlyThese?: boolean;
        };
        EnrolledList: {
            enrolled: components["schemas"]["EnrolledShape"][];
        };
        /** @description What became of one exam. */
        EnrolledShape: {
            /** @description The subject's code, if the patient is enrolled. */
            code?: string | null;
            /** @description The Study Instance UID that was given. */
            exam: string;
            /** @description Why not. */
            problem?: string | null;
        };
        /** @description An entry of a timeline. */
        Entry: {
            /** @description From when on, as RFC 3339. */
            begins?: string | null;
            /** @description Until when. */
            ends?: string | null;
            /** @description The FHIR resource type, or `Exam`. */
            kind: string;
            /**
             * Format: int64
             * @description The record's number; none of an exam.
             */
            record?: number | null;
            /** @description Where an order stands. */
            state: string;
            /** @description FHIR's status. */
            status: string;
            /** @description The Study Instance UID of an exam. */
            study?: string | null;
            /** @description A line for people. */
            title: string;
            /** @description A value with its unit, of an observation. */
            value?: string | null;
            /**
             * Format: int64
             * @description How many versions there are.
             */
            versions: number;
        };
        /** @description The vote of an ethics committee. */
        EthicsShape: {
            /** @description Whether there is a document. */
            document: boolean;
            reference: string;
        };
        /** @description A piece of evidence with what it says. */
        EvidenceFound: components["schemas"]["EvidenceShape"] & {
            /** @description `evidence.json` without the lists of files, which are in the pack; nothing before it is gathered. */
            found?: unknown;
        };
        /** @description The evidence of a project. */
        EvidenceList: {
            evidence: components["schemas"]["EvidenceShape"][];
            /** @description The Ed25519 key by which signatures of this server are checked, in hexadecimal. */
            publicKey: string;
        };
        /** @description A piece of evidence and how far it is. */
        EvidenceShape: {
            /** @description RFC 3339. */
            askedAt: string;
            askedBy: string;
            /** @description Whether it is of the policy and the program that the project is seen by now. */
            current: boolean;
            /**
             * Format: int64
             * @description Instances that were searched.
             */
            done: number;
            endedAt?: string | null;
            /** Format: int64 */
            id: number;
            /** @description Why it waits or was given up. */
            reason?: string | null;
            /** @description Whether an answer key is scored. */
            scored: boolean;
            /** @description waiting, running, passed, failed, given-up */
            state: string;
            /**
             * Format: int64
             * @description Instances in all; 0 until they are counted.
             */
            total: number;
        };
        /** @description An exam. */
        Exam: {
            accessionNumber: string;
            /** @description Whether one of its instances is a picture that can be shown. */
            hasPicture: boolean;
            /** Format: int64 */
            instanceCount: number;
            /** @description Who gave the patient that ID; empty where the exam does not say. */
            issuer: string;
            modalities: string[];
            /** @description YYYY-MM-DD. */
            patientBirthDate?: string | null;
            patientId: string;
            /** @description As written: family^given^middle^prefix^suffix, groups parted by `=`. */
            patientName: string;
            patientSex: string;
            /** @description When its first instance arrived (RFC 3339). */
            receivedAt: string;
            /** Format: int64 */
            seriesCount: number;
            /** @description YYYY-MM-DD. */
            studyDate?: string | null;
            studyDescription: string;
            studyInstanceUid: string;
            /** @description hh:mm:ss. */
            studyTime?: string | null;
        };
        /** @description An exam in full. */
        ExamContents: {
            exam: components["schemas"]["Exam"];
            series: components["schemas"]["Series"][];
            sources: components["schemas"]["ExamSource"][];
        };
        /** @description A page of exams. */
        ExamList: {
            exams: components["schemas"]["Exam"][];
            /** @description Where the next page begins; absent on the last. */
            nextCursor?: string | null;
            total: components["schemas"]["Total"];
        };
        /** @description What surrounds an exam. */
        ExamRecords: {
            completeness: components["schemas"]["Completeness"];
            context: components["schemas"]["Context"];
            links: components["schemas"]["LinkedRecord"][];
        };
        /** @description What to look for. It travels in a body: an address with a name in it would be kept in logs and histories. */
        ExamSearch: {
            /** @description Part of the accession number. */
            accession?: string | null;
            /** @description `nextCursor` of the page before. */
            cursor?: string | null;
            /** @description Words of the description. */
            description?: string | null;
            /** @description First day, YYYY-MM-DD. */
            from?: string | null;
            /** @description Exams on a page; 50 unless said, 500 at most. */
            limit?: number | null;
            /** @description A modality such as CT. */
            modality?: string | null;
            /** @description Words of the patient's name or ID. */
            patient?: string | null;
            /** @description Words of name, patient ID, accession number, description; a modality; a date. */
            q?: string | null;
            /** @description In place of a cursor: how many exams to pass over, for a jump into the midst of a long list. */
            skip?: number | null;
            /** @description Last day, YYYY-MM-DD. */
            to?: string | null;
        };
        /** @description The exam's side of a link. */
        ExamSide: {
            accession: string;
            /** Format: int64 */
            birthDate?: number | null;
            /**
             * Format: int64
             * @description As a number like 20260131.
             */
            date?: number | null;
            description: string;
            modalities: string[];
            patientId: string;
            patientName: string;
            study: string;
        };
        /** @description Who brought instances of an exam. */
        ExamSource: {
            account: string;
            /** @description `c-store`, `stow`, `import`, `upload`, `fetch` or `made`. */
            door: string;
            /** Format: int64 */
            instances: number;
            peer?: string | null;
            /** @description When the first of them arrived (RFC 3339). */
            receivedAt: string;
        };
        /** @description Where to write. */
        ExportBody: {
            /** @description A folder of the server's machine that is empty or doesn't exist. */
            folder: string;
        };
        /** @description How many of each kind. */
        Facet: {
            /** @description `sex`, `age`, `year`, `modality`, `bodyPart`, `manufacturer`, `finding`, `condition`. */
            name: string;
            /** @description Values, those of most patients first; years and ages in their order. */
            values: components["schemas"]["FacetValue"][];
        };
        /** @description One kind. */
        FacetValue: {
            /** @description The value in words, where a code has some. */
            display?: string | null;
            /** @description Patients of the cohort that have it. */
            patients: components["schemas"]["Count"];
            /** @description The value; none: not known. */
            value?: string | null;
        };
        /** @description A column of a table of facts. */
        FactColumn: {
            about: string;
            name: string;
            /** @description `number`, `text`, `list`, `words`, `date`, `map`. */
            of: string;
        };
        /** @description A table of facts. */
        FactTable: {
            about: string;
            columns: components["schemas"]["FactColumn"][];
            /** @description Whether its rows happened on a day. */
            events: boolean;
            /** @description Whether its rows belong to exams. */
            exams: boolean;
            name: string;
        };
        /** @description A FHIR server that is asked for what is new. */
        FhirServer: {
            /** @description When the last ended. */
            endedAt?: string | null;
            /** @description Why the last didn't go well; empty: it did. */
            error: string;
            /** @description When one last didn't. */
            errorAt?: string | null;
            /** Format: int32 */
            intervalMinutes: number;
            name: string;
            /**
             * Format: int64
             * @description Pages and files that were kept, ever.
             */
            pages: number;
            /**
             * Format: int64
             * @description Resources in them.
             */
            resources: number;
            /**
             * Format: int64
             * @description Rounds that have ended.
             */
            rounds: number;
            /** @description True while it is being asked, or is about to be. */
            running: boolean;
            /** @description When the last began, as RFC 3339. */
            startedAt?: string | null;
            /** @description When one went well. */
            succeededAt?: string | null;
            types: string[];
            /** @description Its base address. */
            url: string;
        };
        /** @description FHIR servers of the settings. */
        FhirServerList: {
            servers: components["schemas"]["FhirServer"][];
        };
        /** @description What was counted, and what follows from it. */
        Figures: {
            f1?: null | components["schemas"]["Proportion"];
            /**
             * Format: int32
             * @description So, and not read.
             */
            missed: number;
            /** @description The finding or the site; empty for all together. */
            name: string;
            precision?: null | components["schemas"]["Proportion"];
            recall?: null | components["schemas"]["Proportion"];
            /**
             * Format: int32
             * @description Read as the person says, whether it is there included.
             */
            right: number;
            side?: null | components["schemas"]["Proportion"];
            time?: null | components["schemas"]["Proportion"];
            /**
             * Format: int32
             * @description Read, and not so.
             */
            wrong: number;
        };
        /** @description When the disk will be full. */
        Forecast: {
            /**
             * Format: int64
             * @description Bytes the disk loses on a usual day.
             */
            bytesADay: number;
            /**
             * Format: int64
             * @description Days until it is full, by the usual week.
             */
            days?: number | null;
            /**
             * Format: int64
             * @description The same by the fastest week.
             */
            daysAtLeast?: number | null;
            /**
             * Format: int64
             * @description The same by the slowest; absent where nothing came in it.
             */
            daysAtMost?: number | null;
            /**
             * @description `full`: on the days told; `far`: not within ten years; `idle`: nothing arrives; `short`: too little history;
             *     `moves`: complete segments leave the disk for the object store.
             */
            verdict: string;
            /** @description What arrived in each of the last whole weeks, in bytes as received, the oldest first. */
            weeks: number[];
        };
        /** @description A measurement in a report of another program: shown, never changed. */
        Foreign: {
            /** @description What it is called there. */
            label: string;
            /** @description What was drawn, and on what. */
            regions: components["schemas"]["ForeignRegion"][];
            /** @description The UID it is tracked by, where it has one. */
            trackingUid?: string | null;
            /** @description What it came to. */
            values: components["schemas"]["ForeignValue"][];
        };
        /** @description A shape with what it lies on. */
        ForeignRegion: {
            /** @description The frame of reference it lies in, where there is no image. */
            frameOfReferenceUid?: string | null;
            image?: null | components["schemas"]["Place"];
            /** @description What was drawn. */
            shape: components["schemas"]["Shape"];
        };
        /** @description A number with its name in words: other programs measure more than we do. */
        ForeignValue: {
            /** @description How it was made of many. */
            derivation?: string | null;
            /** @description What it is. */
            name: string;
            /** @description Its unit, as coded. */
            unit: string;
            /**
             * Format: double
             * @description The number.
             */
            value: number;
        };
        /**
         * @description What a package holds.
         * @enum {string}
         */
        Form: "dicom" | "nifti" | "csv";
        /** @description What was found, the best of each kind first. */
        Found: {
            attachments: components["schemas"]["FoundAttachment"][];
            /** @description Exams by what else their series say. */
            byValue: components["schemas"]["FoundByValue"][];
            /** @description The days that were understood from the words: the first and the last, YYYY-MM-DD. */
            days?: string[] | null;
            /** @description False if there are at least so many. */
            exact: boolean;
            exams: components["schemas"]["Exam"][];
            /**
             * Format: int64
             * @description How many such exams there are.
             */
            examsInAll: number;
            patients: components["schemas"]["PatientRow"][];
            peers: components["schemas"]["FoundPeer"][];
            /** @description Exams, series and instances by UID. */
            places: components["schemas"]["FoundPlace"][];
            /** @description Orders, reports, visits and documents by a number they are known by. */
            records: components["schemas"]["Numbered"][];
        };
        /** @description An attached file. */
        FoundAttachment: {
            file: components["schemas"]["Attachment"];
            /** @description The exam's UID or the project's name; of a patient nothing: IDs are no addresses. */
            id?: string | null;
            /** @description `patient`, `exam` or `project`. */
            subject: string;
        };
        /** @description An exam and the value it was found by. */
        FoundByValue: {
            exam: components["schemas"]["Exam"];
            /** @description What the value is, such as Protocol. */
            field: string;
            value: string;
        };
        /** @description A peer's entry. */
        FoundPeer: {
            aeTitle: string;
            name: string;
        };
        /** @description Something with a UID, and the exam it is in. */
        FoundPlace: {
            /** @description Modality, number and description of a series or instance. */
            about: string;
            exam: components["schemas"]["Exam"];
            seriesInstanceUid?: string | null;
            sopInstanceUid?: string | null;
        };
        /** @description A report that was found. */
        FoundReport: {
            /** @description When, as RFC 3339. */
            at?: string | null;
            /** @description Where matches stand in it: from and to, in characters. */
            marks: [
                number,
                number
            ][];
            /**
             * Format: int64
             * @description Whose it is.
             */
            person?: number | null;
            /**
             * Format: int64
             * @description The record.
             */
            record: number;
            /** @description What it says of the findings asked for: `nodule absent`. */
            says: string[];
            /** @description A part of the text around the first match. */
            snippet: string;
            /** @description FHIR's status. */
            status: string;
            /** @description A line for people. */
            title: string;
        };
        /** @description Members of a frozen cohort. */
        FrozenMembers: {
            members: components["schemas"]["FrozenRow"][];
        };
        /** @description One member: a patient's number and one of their exams. */
        FrozenRow: {
            /**
             * Format: int32
             * @description The number of the pair: a case and its controls.
             */
            pair?: number | null;
            /**
             * Format: int64
             * @description The patient.
             */
            patient: number;
            role?: null | components["schemas"]["PairRole"];
            /** @description (0020,000D); none for a patient without an exam. */
            study?: string | null;
        };
        /** @description A frozen cohort as it is told. */
        FrozenSummary: {
            /** @description SHA-256 of definition, version of the facts and members. */
            digest: string;
            exams: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description The version of the facts.
             */
            facts: number;
            /** @description Its id, to be cited. */
            id: string;
            /** @description RFC 3339. */
            madeAt: string;
            madeBy: string;
            pairs?: null | components["schemas"]["PairCount"];
            patients: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description The cohort's version.
             */
            version: number;
        };
        /**
         * @description What a picture of the glass shows.
         * @enum {string}
         */
        GlassName: "label" | "overview";
        /** @description Objects in doubt for one reason that look alike. */
        GroupShape: {
            /** @description The reason in words. */
            detail: string;
            /** Format: int64 */
            instances: number;
            kind: components["schemas"]["KindShape"];
            /** @description A word for the reason. */
            reason: string;
            /** @description One of them, by its SOP Instance UID in the project. */
            sample: string;
            /** Format: int64 */
            subjects: number;
        };
        /** @description How the system is. */
        Health: {
            /** @description When this was looked at (RFC 3339). */
            at: string;
            backends: components["schemas"]["Backends"];
            /** @description What can go wrong by itself, in the order of a page. */
            checks: components["schemas"]["Check"][];
            doors: components["schemas"]["OpenDoor"][];
            queues: components["schemas"]["WaitingWork"];
            /** @description When this process started (RFC 3339). */
            startedAt: string;
            version: string;
        };
        /** @description Whether a file is held. */
        Held: {
            held: boolean;
        };
        /** @description The first page. */
        Home: {
            arrived: components["schemas"]["Arrived"];
            /** @description Those of which something came within the last minute: more may follow. */
            arriving: components["schemas"]["Arriving"][];
            /** @description What needs somebody, the most pressing first. */
            needs: components["schemas"]["Need"][];
            /** @description The exams that something came of last. */
            newest: components["schemas"]["Arriving"][];
            /** @description Exams the caller had open, the latest first. */
            recent: components["schemas"]["Exam"][];
        };
        /**
         * @description How a count was protected.
         * @enum {string}
         */
        How: "none" | "hidden" | "rounded";
        /** @description An instance. */
        Instance: {
            /** Format: int64 */
            columns?: number | null;
            /**
             * Format: int64
             * @description 1 unless it says otherwise.
             */
            frames: number;
            /** Format: int64 */
            instanceNumber?: number | null;
            /** @description Whether it has pixels that can be shown. */
            renderable: boolean;
            /** Format: int64 */
            rows?: number | null;
            sopClassUid: string;
            sopInstanceUid: string;
        };
        /** @description Work of one kind. */
        JobsOfKind: {
            /** Format: int64 */
            failed: number;
            kind: string;
            /** Format: int64 */
            running: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description Two identifiers, by their numbers, and whether they are of one person. */
        Joining: {
            /** Format: int64 */
            one: number;
            /** Format: int64 */
            other: number;
            same: boolean;
        };
        /** @description A cohort as it is listed. */
        KeptCohort: {
            /** @description What it is for. */
            about: string;
            /** @description When that was made, as RFC 3339. */
            changedAt: string;
            /** @description The cohort it was made from, where it was. */
            forkedFrom?: string;
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description The account that made it. */
            owner: string;
            /** @description Whether others see it. */
            shared: boolean;
            /**
             * Format: int64
             * @description Its newest version.
             */
            version: number;
        };
        /** @description A rule as it stands. */
        KeptRule: {
            changedAt: string;
            /** @description Who made this version, and when (RFC 3339). */
            changedBy: string;
            /** Format: int64 */
            id: number;
            isOn: boolean;
            rule: components["schemas"]["Rule"];
            /**
             * Format: int64
             * @description Counts its changes.
             */
            version: number;
            /**
             * Format: int64
             * @description Exams that match or may, and wait to be quiet.
             */
            waiting: number;
        };
        /**
         * @description The kinds of records, that which says most about what was really taken first: what was given, what was handed
         *     out, what somebody says, what was asked for.
         * @enum {string}
         */
        Kind: "MedicationAdministration" | "MedicationDispense" | "MedicationStatement" | "MedicationRequest";
        /** @description What makes images look alike. */
        KindShape: {
            /** Format: int32 */
            columns: number;
            manufacturer: string;
            modality: string;
            model: string;
            /** Format: int32 */
            rows: number;
            sopClassUid: string;
        };
        /** @description A part of a source that became no record. */
        LeftItem: {
            /** @description Where it stands: `OBR[2]`, `entry[3]`. */
            place: string;
            /** @description Whether something is wrong with it. */
            refused: boolean;
            why: string;
        };
        /**
         * @description What a letter tells.
         * @enum {string}
         */
        LetterAbout: "ready" | "recalled" | "withdrawn";
        /**
         * @description What a row of a table is.
         * @enum {string}
         */
        Level: "exam" | "series" | "instance";
        /** @description What a person says of a link. */
        LinkDecision: {
            /** @description Whether the two belong together. */
            linked: boolean;
        };
        /** @description A link from a record to an exam or another record. */
        LinkRow: {
            /**
             * Format: double
             * @description 0 to 1.
             */
            confidence: number;
            /** @description Who decided; empty: the rule alone. */
            decidedBy: string;
            /** @description What agrees and what doesn't. */
            evidence: Record<string, never>;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description `order-exam`, `report-order` … */
            kind: string;
            /**
             * Format: int64
             * @description The other record, or 0.
             */
            other: number;
            /**
             * Format: int64
             * @description The record.
             */
            record: number;
            /** @description The rule that gave it. */
            rule: string;
            /** @description `linked`, `waiting`, `refused`. */
            state: string;
            /** @description The exam, or empty. */
            study: string;
        };
        /** @description A record that belongs to an exam, or may. */
        LinkedRecord: {
            link: components["schemas"]["LinkRow"];
            state: string;
            status: string;
            /** @description A line for people. */
            title: string;
        };
        /** @description A code of a record and what it is mapped to. */
        MappedCode: {
            /** @description The code it is mapped to. */
            code: string;
            /** @description Its words. */
            display: string;
            /** @description The element it is in, such as `code`. */
            element: string;
            /** @description The code as received. */
            receivedCode: string;
            /** @description The system as received. */
            receivedSystem: string;
            /** @description The system it is mapped to. */
            system: string;
            /** @description The table that says so. */
            table: string;
        };
        /** @description A unit of a record and the UCUM code that means the same. */
        MappedUnit: {
            /** @description The UCUM code. */
            code: string;
            /** @description The element it is in, such as `valueQuantity`. */
            element: string;
            /** @description As received. */
            received: string;
        };
        /** @description Which pixels of a frame belong to a segment. */
        Mask: {
            /**
             * @description One bit a pixel, row after row, the first pixel in the lowest bit of the first byte (PS3.5 §8.1.1);
             *     compressed by zlib (RFC 1950), in base64. Empty, the mask is taken away.
             */
            bits: string;
            /**
             * Format: int32
             * @description Its frame, from 1; none for an image of one frame.
             */
            frame?: number | null;
            /**
             * Format: int32
             * @description The segment's number.
             */
            segment: number;
            /** @description The image's SOP Instance UID. */
            sop: string;
        };
        /** @description What is masked in a frame. */
        MaskedFrame: {
            /** @description Left, top, right and bottom in pixels; right and bottom are the first outside. */
            boxes: number[][];
            /** @description Counted from 1. */
            frame: number;
        };
        /** @description A peer's matches. */
        MatchesBody: {
            /** @description Whether these are all. */
            complete: boolean;
            /** @description DICOM JSON (PS3.18 Annex F). */
            matches: Record<string, never>[];
        };
        /** @description A measurement as it is drawn and shown. */
        Measurement: {
            /** @description The frame of reference its points lie in, where it lies on no image. */
            frameOfReferenceUid?: string | null;
            image?: null | components["schemas"]["Place"];
            /** @description What the person calls it. */
            label?: string;
            /** @description What was drawn. */
            shapes?: components["schemas"]["Shape"][];
            /** @description The viewer's own state, given back as it came. */
            state?: Record<string, never>;
            /** @description The viewer's name of the tool it was drawn with, such as `Length`. */
            tool: string;
            /** @description The UID it keeps through all versions (TID 1501, Tracking Unique Identifier). */
            trackingUid: string;
            /** @description What it came to. */
            values?: unknown[];
        };
        /** @description A medicine of a person, with everything that was said of it. */
        Medication: {
            /** @description Every code it came with, and what they were mapped to. */
            codes: components["schemas"]["MedicationCode"][];
            /** @description The dosage, as the latest record that tells one says it. */
            dose?: string | null;
            /** @description What was said, the latest first. */
            entries: components["schemas"]["MedicationEntry"][];
            /** @description The first moment anything is said of, as RFC 3339. */
            first?: string | null;
            /** @description The last moment not behind the one asked about. */
            last?: string | null;
            /** @description Its name, as the latest record has it. */
            name: string;
            /** @description Whether it is taken at the moment asked about, and why. */
            standing: components["schemas"]["Course"];
        };
        /** @description A code of a medicine. */
        MedicationCode: {
            /** @description The code. */
            code: string;
            /** @description Its words. */
            display: string;
            /** @description Its code system; empty when none was told. */
            system: string;
        };
        /** @description One record of a medicine. */
        MedicationEntry: {
            /** @description From when on, as RFC 3339. */
            begins?: string | null;
            /** @description The dosage. */
            dose?: string | null;
            /** @description Until when: its end, or until when the supply lasts. */
            ends?: string | null;
            /** @description The FHIR resource type. */
            kind: components["schemas"]["Kind"];
            /** @description The name as this record has it. */
            name: string;
            /**
             * Format: int64
             * @description The record's number.
             */
            record: number;
            /** @description The message or file that spoke of it last. */
            source?: string | null;
            /** @description FHIR's status. */
            status: string;
        };
        /** @description A person's medicines. */
        Medications: {
            /** @description The moment it is told for, as RFC 3339. */
            at: string;
            /** @description Those that are current first, then the latest. */
            medications: components["schemas"]["Medication"][];
            /**
             * Format: int32
             * @description Days for which the last word keeps a medicine current.
             */
            windowDays: number;
        };
        MemberBody: {
            /** @description lead or member. */
            role: string;
        };
        MemberList: {
            members: components["schemas"]["MemberShape"][];
        };
        /** @description A member. */
        MemberShape: {
            /** @description RFC 3339. */
            addedAt: string;
            addedBy: string;
            /** @description An account's name, or peer: and the name of a peer's entry. */
            member: string;
            /** @description lead or member. */
            role: string;
        };
        /** @description Whose exams to tell. */
        MembersWanted: {
            definition: components["schemas"]["Definition"];
            /** @description Members to pass over. */
            skip?: number;
        };
        /** @description What there is of one modality. */
        Modality: {
            /**
             * Format: int64
             * @description The length of the originals.
             */
            bytes: number;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            instances: number;
            /** @description Empty where images don't say it. */
            modality: string;
            /** Format: int64 */
            series: number;
        };
        /** @description A text model, and where it says something else than the rules. */
        ModelFigures: {
            /**
             * Format: int32
             * @description On how many findings of checked reports it and the rules differ.
             */
            differ: number;
            /** @description The SHA-256 of its files. */
            digest: string;
            /**
             * Format: int32
             * @description On how many the model does.
             */
            modelRight: number;
            /** @description What its makers call it. */
            name: string;
            /**
             * Format: int32
             * @description On how many of these the rules say what the person says.
             */
            rulesRight: number;
        };
        /** @description How near two rows of a patient are. */
        Near: "sameExam" | {
            /** @description So many days later, both ends counted; negative: earlier. A missing end is open. */
            days: {
                /**
                 * Format: int32
                 * @description From.
                 */
                from?: number | null;
                /**
                 * Format: int32
                 * @description To.
                 */
                to?: number | null;
            };
        } | "anyTime";
        /** @description Something that needs somebody. */
        Need: {
            /**
             * Format: int64
             * @description How many of it.
             */
            count: number;
            /** @description What exactly, such as the newest reasons. */
            details: string[];
            /** @description `trouble`, `scrub`, `quarantine`, `conflicts`, `links`, `people`, `messages`, `transfers` or `uploads`. */
            kind: string;
        };
        /** @description A new account. */
        NewAccount: {
            /** @description 1 to 64 of the characters a-z 0-9 . _ - @ */
            name: string;
            /** @description At least 10 characters; left out, the account signs in by link or OpenID Connect. */
            password?: string | null;
            roles: string[];
        };
        /** @description A policy to be kept. */
        NewPolicy: components["schemas"]["PolicyWording"] & {
            /** @description What is new, and why. */
            note?: string;
        };
        /** @description A new project. */
        NewProject: components["schemas"]["ProjectTerms"] & {
            /** @description Its name in addresses: 2 to 32 of a-z, 0-9 and -, a letter first. */
            id: string;
        };
        /** @description A new token. */
        NewToken: {
            /**
             * Format: int32
             * @description Days until it stops working, 1 to 366; left out, 90.
             */
            expiresInDays?: number | null;
            /** @description What it is for. */
            name: string;
            /** @description Some of the caller's roles; left out, all of them. */
            roles?: string[] | null;
        };
        /** @description A new upload. */
        NewUpload: {
            /** @description What its sender calls it. */
            name?: string | null;
        };
        /** @description A newer version than the one a change was made from. */
        NewerSegmentation: {
            /**
             * Format: int32
             * @description The newest version.
             */
            current: number;
            detail: string;
            /** Format: int32 */
            status: number;
            title: string;
            type: string;
        };
        /** @description The next version of a policy. */
        NextPolicyVersion: components["schemas"]["NewPolicy"] & {
            /**
             * Format: int64
             * @description The version that was seen.
             */
            seen: number;
        };
        /** @description Images that can't be a volume. */
        NotConverted: {
            images: number;
            reason: string;
        };
        /** @description A record that is known by a number. */
        Numbered: {
            /** @description When it was, as RFC 3339. */
            begins?: string | null;
            /** @description The FHIR resource type. */
            kind: string;
            /**
             * Format: int64
             * @description Whose it is.
             */
            person?: number | null;
            /**
             * Format: int64
             * @description The record's number here.
             */
            record: number;
            /** @description FHIR's status. */
            status: string;
            /** @description A line for people. */
            title: string;
        };
        /** @description What there is to be written. */
        OmopModel: {
            /** @description The table of one row that tells of them. */
            about: string;
            /** @description Whether codes become concepts, see the setting `facts.vocabularies`. */
            concepts: boolean;
            /**
             * Format: int64
             * @description The version of the facts.
             */
            facts: number;
            /** @description Persons in parts that a statement has time for: the first and the last number of each. */
            parts: [
                number,
                number
            ][];
            /** @description The tables whose rows belong to persons; a row of one names only rows of earlier ones. */
            tables: string[];
        };
        /**
         * @description What can be alike.
         * @enum {string}
         */
        On: "age" | "sex" | "manufacturer" | "model" | "year";
        /** @description Where it is reached. */
        OpenDoor: {
            /** @description Address and port it listens on. */
            address: string;
            /** @description `web`, `dicom` or `dicom-tls`. */
            kind: string;
            /** @description The application entity title to call. */
            title?: string | null;
            /** @description Whether it speaks TLS. */
            tls: boolean;
        };
        /** @description A text model's words on a reading. */
        OpinionRow: {
            /** @description The SHA-256 of its files. */
            digest: string;
            /** @description When, as RFC 3339. */
            madeAt: string;
            /** @description What its makers call the model. */
            model: string;
            /**
             * @description Its word on each finding it was asked about: `finding` (its number in the reading), `assertion`, `temporality` if the
             *     model says so, `sure` (0 to 1) and `differs`: whether the rules say something else.
             */
            words: Record<string, never>[];
        };
        /** @description An original. */
        OriginalShape: {
            seriesInstanceUid: string;
            sopInstanceUid: string;
            studyInstanceUid: string;
        };
        /** @description Another exam of the same person. */
        Other: {
            /**
             * Format: int64
             * @description Days between them.
             */
            days: number;
            /** @description (0020,000D) */
            study: string;
            /** @description A line for people. */
            title: string;
        };
        /** @description A report that another program made. */
        OtherReport: {
            /** @description The person it names, or the program. */
            author: string;
            measurements: components["schemas"]["Foreign"][];
            /** @description Its series. */
            series: string;
            /** @description Its SOP Instance UID. */
            sop: string;
            /** @description Its title. */
            title: string;
        };
        /** @description Another viewer. */
        OtherViewer: {
            /** @description The address that opens it: `{study}`, `{dicomweb}` and `{token}` are to be filled in. */
            address: string;
            name: string;
        };
        /** @description The package. */
        PackageShape: {
            /** Format: int64 */
            bytes: number;
            /** @description SHA-256 of the list of checksums. */
            digest: string;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            files: number;
            /** Format: int64 */
            instances: number;
            /** @description RFC 3339. */
            madeAt: string;
            /** Format: int64 */
            series: number;
            /** Format: int64 */
            subjects: number;
        };
        /** @description How many cases and controls. */
        PairCount: {
            /** @description Cases that have at least one control. Others are not in the cohort. */
            cases: components["schemas"]["Count"];
            /** @description Their controls. */
            controls: components["schemas"]["Count"];
            /** @description Cases that have fewer controls than were asked for, and at least one. */
            incomplete: components["schemas"]["Count"];
            withoutControl?: null | components["schemas"]["Count"];
        };
        /**
         * @description Which of a pair.
         * @enum {string}
         */
        PairRole: "case" | "control";
        /** @description An exam, or a series of it. */
        Part: {
            /** @description One series of it; left out: all. */
            seriesInstanceUid?: string | null;
            studyInstanceUid: string;
        };
        /** @description The old and the new password. */
        PasswordChange: {
            newPassword: string;
            /** @description Needed when there is one. */
            oldPassword?: string | null;
        };
        /** @description A version that was, with the instance that keeps it. */
        PastItem: components["schemas"]["WorkItem"] & {
            /** @description The SOP Instance UID of the report that keeps it. */
            instance: string;
        };
        /** @description Versions that were. */
        PastWork: {
            versions: components["schemas"]["PastItem"][];
        };
        /** @description A patient, by one of the exams. */
        PatientBy: {
            /** @description Study Instance UID. */
            study: string;
        };
        /** @description A patient, every exam, and what the exams say differently about the person. */
        PatientContents: {
            /** @description Newest first. */
            exams: components["schemas"]["Exam"][];
            /** @description The most frequent first; more than one is a conflict to be looked into. */
            identities: components["schemas"]["PatientIdentity"][];
            /** @description Patients with the same ID from another issuer. */
            namesakes: components["schemas"]["PatientRow"][];
            patient: components["schemas"]["PatientRow"];
        };
        /** @description How some of the exams name the person. */
        PatientIdentity: {
            /** @description YYYY-MM-DD. */
            patientBirthDate?: string | null;
            patientName: string;
            patientSex: string;
            /** @description The exams that say so. */
            studyInstanceUids: string[];
        };
        /** @description A patient in a list. */
        PatientRow: {
            /** Format: int64 */
            examCount: number;
            /** @description Who gave the ID; empty where that isn't said. */
            issuer: string;
            /** @description Names the patient in addresses: the Study Instance UID of their first exam here. */
            key: string;
            /** @description The day of the latest exam, YYYY-MM-DD. */
            lastStudyDate?: string | null;
            /** @description YYYY-MM-DD. */
            patientBirthDate?: string | null;
            /** @description Empty where the exam names none. */
            patientId: string;
            /** @description As written: family^given^middle^prefix^suffix, groups parted by `=`. */
            patientName: string;
            patientSex: string;
        };
        /** @description Who a subject is. Identifies. */
        PatientShape: {
            /** @description The Study Instance UID by which the pages know the patient. */
            exam: string;
            issuer: string;
            patientId: string;
        };
        /** @description A DIMSE peer. */
        PeerBody: {
            /** @description 1 to 16 characters. */
            aeTitle: string;
            /** @description SHA-256 of its TLS certificate, 64 hexadecimal digits. */
            fingerprint?: string | null;
            /** @description Where we call it. */
            host?: string | null;
            /** @description C-FIND. */
            mayQuery?: boolean;
            /** @description C-MOVE and C-GET. */
            mayRetrieve?: boolean;
            /** @description C-STORE and storage commitment. */
            mayStore?: boolean;
            /** @description The entry's name: 1 to 64 of the characters a-z 0-9 . _ - @ */
            name: string;
            /** @description Addresses or ranges it calls from; left out: `host`, when that is an address. */
            networks?: string[];
            /** Format: int32 */
            port?: number | null;
            /** @description Whether we call it with TLS. */
            tls?: boolean;
        };
        /** @description All peers. */
        PeerList: {
            peers: components["schemas"]["PeerBody"][];
        };
        /** @description What a peer's owner allows. */
        PeerTermsBody: {
            /** @description The hours at which it may be asked and fetched from, as 20:00-06:00 by the server's clock; null: at any time. */
            hours?: string | null;
            /** @description The first day whose exams the peer is asked for, as 2020-01-31; null: it is not asked what it holds. */
            indexFrom?: string | null;
            /**
             * Format: int32
             * @description Instances a second at most when releases fetch, from 1 to 10000; left out: 10.
             */
            instancesPerSecond?: number;
            /**
             * Format: int32
             * @description Questions a minute at most, from 1 to 10000; left out: 20.
             */
            questionsPerMinute?: number;
        };
        /** @description What a peer's owner allows, and what the peer told so far. */
        PeerTold: {
            /**
             * Format: int64
             * @description Exams it says it holds.
             */
            exams: number;
            /** @description Why it did not tell the last time; null: it did. */
            failure?: string | null;
            /**
             * Format: int64
             * @description Those of them that are not here.
             */
            notHere: number;
            /** @description When its hours begin, RFC 3339; null: they are open now. */
            opensAt?: string | null;
            terms: components["schemas"]["PeerTermsBody"];
            /** @description When it told last, RFC 3339. */
            toldAt?: string | null;
            /** @description The last day the peer told of, as 2020-01-31; null: none yet. */
            toldTo?: string | null;
        };
        /** @description Who a person is, by all identifiers. */
        Person: {
            /**
             * Format: int64
             * @description Its number: it says nothing about the person.
             */
            id: number;
            /** @description The identifiers, the oldest first. */
            identifiers: components["schemas"]["PersonIdentifier"][];
            /** @description What Patient resources say, the latest first. */
            patients: Record<string, never>[];
        };
        /** @description An identifier of a person. */
        PersonIdentifier: {
            /** @description The birth date it came with. */
            birthDate: string;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description Its kind by HL7 table 0203. */
            kind: string;
            /** @description Who issued it. */
            system: string;
            /** @description The value. */
            value: string;
        };
        /** @description Persons. */
        PersonList: {
            persons: components["schemas"]["Person"][];
        };
        /** @description Whom to look for. In a body: identifiers stand in no address. */
        PersonSearch: {
            /** @description Who issued it, if that is known. */
            system?: string | null;
            /** @description The whole identifier. */
            value: string;
        };
        /** @description Which of a patient's rows, by day. */
        Pick: "first" | "last" | {
            /**
             * Format: int32
             * @description The nth; 1 is the first.
             */
            nth: number;
        };
        /** @description A policy as it was when a release was approved. */
        PinnedPolicy: {
            /** @description SHA-256 of its plain form. */
            digest: string;
            /** @description Its name. */
            id: string;
            /**
             * Format: int64
             * @description Its version.
             */
            version: number;
        };
        /** @description An image, or one of its frames. */
        Place: {
            /**
             * Format: int32
             * @description The frame, counted from 1; none for an image of one frame.
             */
            frame?: number | null;
            /** @description Series Instance UID. */
            series: string;
            /** @description SOP Instance UID. */
            sop: string;
        };
        /**
         * @description A point that lies `x` columns and `y` rows of the finest level from the corner of its first pixel is at
         *     `origin + x · right + y · down`, in mm of the frame of reference.
         */
        PlaceBody: {
            down: number[];
            /** @description (0020,0052); of a file without one, made of its digest. */
            frameOfReferenceUid: string;
            origin: number[];
            right: number[];
        };
        /** @description An attribute of the standard. */
        PolicyAttribute: {
            keyword: string;
            name: string;
            /** @description Eight hexadecimal digits. */
            tag: string;
        };
        /** @description The attributes there are. */
        PolicyAttributes: {
            attributes: components["schemas"]["PolicyAttribute"][];
        };
        /** @description What a check found. */
        PolicyChecked: {
            /** @description SHA-256 of its plain form, if it is valid. */
            digest?: string | null;
            /** @description As data, if it is valid. */
            document?: Record<string, never> | null;
            fault?: null | components["schemas"]["PolicyFault"];
            /** @description The document as TOML: as it was sent, or made of the data. */
            text: string;
        };
        /** @description Two policies to be compared. */
        PolicyComparison: {
            after: components["schemas"]["PolicyWanted"];
            before: components["schemas"]["PolicyWanted"];
        };
        /** @description A difference. */
        PolicyDifference: {
            after: string;
            /** @description `—` if it isn't there. */
            before: string;
            /** @description A key such as `dates.age-cap`, or a keyword. */
            what: string;
        };
        /** @description What differs. */
        PolicyDifferences: {
            /** @description Attributes of which something else becomes, or by another rule. */
            attributes: components["schemas"]["PolicyDifference"][];
            /** @description Keys of the documents. */
            keys: components["schemas"]["PolicyDifference"][];
        };
        /** @description What is wrong, and where. */
        PolicyFault: {
            /** @description From 1. */
            column?: number | null;
            /** @description From 1. */
            line?: number | null;
            /** @description What is wrong, and what would be right. */
            message: string;
            /** @description The key. */
            place?: string | null;
        };
        /** @description All policies. */
        PolicyList: {
            policies: components["schemas"]["PolicySummary"][];
        };
        /** @description An option of the Basic profile. */
        PolicyOption: {
            /** @description Code Value of CID 7050, scheme DCM. */
            code: string;
            /** @description Code Meaning. */
            meaning: string;
            /** @description Its name in a policy. */
            name: string;
        };
        /** @description The options there are. */
        PolicyOptions: {
            options: components["schemas"]["PolicyOption"][];
        };
        /** @description What the policy would make of an instance. */
        PolicyPreview: {
            /** @description By path; empty where it is withheld. */
            attributes: components["schemas"]["PreviewedAttribute"][];
            /** @description SHA-256 of its plain form. */
            digest: string;
            instance: string;
            picture?: null | components["schemas"]["PreviewedPicture"];
            /** @description Name and version of the policy. */
            policy: string;
            series: string;
            sopClass: string;
            study: string;
            withheld?: null | components["schemas"]["PolicyWithheld"];
        };
        /**
         * @description Whether a version may be used.
         * @enum {string}
         */
        PolicyState: "ready-made" | "draft" | "approved";
        /** @description A policy with its versions. */
        PolicySummary: {
            description: string;
            id: string;
            /** @description Options of the newest version. */
            options: string[];
            /** @description One line for people, of the newest version. */
            title: string;
            /** @description Projects that are served by one of them. */
            usedBy: components["schemas"]["PolicyUse"][];
            /** @description The newest first. */
            versions: components["schemas"]["PolicyVersion"][];
        };
        /** @description A project that is served by a policy. */
        PolicyUse: {
            project: string;
            title: string;
            /** Format: int64 */
            version: number;
        };
        /** @description A version of a policy, without its text. */
        PolicyVersion: {
            /** @description Its author approved it: no other account had the right. */
            approvedAlone: boolean;
            /** @description RFC 3339. */
            approvedAt?: string | null;
            approvedBy?: string | null;
            /** @description Absent for the ready-made ones. */
            author?: string | null;
            /** @description SHA-256 of its plain form. */
            digest: string;
            id: string;
            /** @description RFC 3339. */
            madeAt?: string | null;
            note: string;
            /** @description Of its text and its approval: Ed25519 by the key of this server's vault, in hexadecimal. */
            signature?: string | null;
            /** @description `ready-made`, `draft` or `approved`. */
            state: components["schemas"]["PolicyState"];
            /** Format: int64 */
            version: number;
        };
        /** @description A version of a policy in full. */
        PolicyVersionInFull: components["schemas"]["PolicyVersion"] & {
            /** @description The same as data, with the keys of the TOML. */
            document: Record<string, never>;
            /** @description The document as TOML, as it was written. */
            text: string;
        };
        /** @description A policy that is kept, by id and version, the newest unless said; or a document. */
        PolicyWanted: components["schemas"]["PolicyWording"] & {
            id?: string | null;
            /** Format: int64 */
            version?: number | null;
        };
        /** @description Why an object would be withheld. */
        PolicyWithheld: {
            /** @description A word for scripts, such as `burned-in-text`. */
            code: string;
            reason: string;
        };
        /** @description A document: one of the two. */
        PolicyWording: {
            /** @description As data, with the keys of the TOML. */
            document?: Record<string, never> | null;
            /** @description As TOML. */
            text?: string | null;
        };
        /** @description A round that will be. */
        PollAsked: {
            /**
             * Format: int64
             * @description How many rounds will have ended, once it has.
             */
            round: number;
        };
        /** @description The recipe of a population. */
        Population: {
            /**
             * Format: int64
             * @description How many patients.
             */
            patients: number;
            /**
             * Format: int64
             * @description How many of them, the first ones, have images; their facts come from those.
             */
            pictured: number;
            /**
             * Format: int64
             * @description Another number makes other people.
             */
            seed: number;
        };
        /** @description The invented population. */
        PopulationState: {
            /** @description Whether everything that came is in the facts. */
            behind: boolean;
            pieces: number;
            population?: null | components["schemas"]["Population"];
            /** @description Pieces of it that are not made yet, of so many. */
            waiting: number;
        };
        /** @description A population to be had. */
        PopulationWanted: {
            /** @description Whether it may stand beside people who were there before. */
            amongOthers?: boolean;
            population: components["schemas"]["Population"];
        };
        /** @description What to show. */
        PreviewWanted: {
            /** @description (0008,0018), with its series; the first of the series unless said. */
            instance?: string | null;
            /** @description Only this attribute and what is in it, such as `(0008,1110)[0].(0008,1155)`. */
            path?: string | null;
            policy: components["schemas"]["PolicyWanted"];
            /** @description (0020,000E); the first of the exam unless said. */
            series?: string | null;
            /** @description (0020,000D) */
            study: string;
        };
        /** @description What becomes of an attribute. */
        PreviewedAttribute: {
            after: string;
            /** @description Empty where the caller may not know. */
            before: string;
            by: components["schemas"]["DecidingRule"];
            /** @description Of a private attribute. */
            creator?: string | null;
            keyword?: string | null;
            /** @description The standard's name. */
            name?: string | null;
            outcome: components["schemas"]["PreviewedOutcome"];
            /** @description `(0008,1110)[0].(0008,1155)`, items counted from 0. */
            path: string;
            vr: string;
            /** @description Which rule decided, in words. */
            why: string;
        };
        /**
         * @description What becomes of an attribute.
         * @enum {string}
         */
        PreviewedOutcome: "kept" | "cleaned" | "removed" | "emptied" | "dummy" | "uid-replaced" | "coded" | "shifted" | "added";
        /** @description What becomes of the pixels. */
        PreviewedPicture: {
            /** Format: int32 */
            columns: number;
            /** Format: int32 */
            frames: number;
            /** @description The frames that are masked somewhere. */
            masks: components["schemas"]["MaskedFrame"][];
            /** Format: int32 */
            rows: number;
            /** @description Whether the policy had them searched, or masked without a search. */
            searched: boolean;
        };
        /** @description A problem, as `application/problem+json`. */
        Problem: {
            /** @description What happened this time and what would help. */
            detail?: string;
            /**
             * Format: int32
             * @description The HTTP status code again.
             */
            status: number;
            /** @description The kind of problem in words. */
            title: string;
            /** @description A stable name for the kind of problem, for scripts. */
            type: string;
        };
        /** @description How far reading all reports has come. */
        Progress: {
            /** @description Whether it has read all there are. */
            done: boolean;
            /** @description The engine. */
            engine: string;
            /** @description The lexicon. */
            lexicon: string;
            /**
             * Format: int64
             * @description Of how many.
             */
            of: number;
            /**
             * Format: int64
             * @description Versions of reports it has read.
             */
            read: number;
        };
        ProjectList: {
            projects: components["schemas"]["ProjectShape"][];
        };
        /** @description The reports of an exam. */
        ProjectReportList: {
            reports: components["schemas"]["ProjectReportShape"][];
        };
        /** @description A report as the project sees it. */
        ProjectReportShape: {
            /** @description What that text says, as of any report: findings, measurements, categories with their places in it. */
            reading: Record<string, never>;
            /** @description FHIR's status: `final`, `corrected` … */
            status: string;
            /** @description Its text, cleaned by the project's policy; dates are moved with the images' where the policy keeps any. */
            text: string;
            title: string;
        };
        /** @description A project, and what the caller is in it. */
        ProjectShape: components["schemas"]["ProjectTerms"] & {
            /** @description RFC 3339. */
            createdAt: string;
            createdBy: string;
            /** @description The path of its DICOMweb service. */
            dicomweb: string;
            id: string;
            /** @description Whether members see anything today. */
            isOpen: boolean;
            /** @description Whether the caller may say who is in it. */
            mayLead: boolean;
            /** @description Whether the caller may change the project and see who its subjects are. */
            mayManage: boolean;
            /** @description Whether the caller may ask who a subject is. */
            mayReidentify: boolean;
            /** @description The caller's place: lead, member, or nothing. */
            role?: string | null;
            /** Format: int64 */
            version: number;
        };
        /** @description What a project is to be. */
        ProjectTerms: {
            /** @description The AE title by which DICOM peers call the project. */
            aeTitle?: string | null;
            /**
             * Format: int64
             * @description How many people must approve before data leaves: 1 or 2. Nobody approves what they asked for.
             */
            approvals?: number;
            /** @description A closed project shows nothing to anybody. */
            closed?: boolean;
            /** @description What it is about. */
            description?: string;
            /** @description The last day on which members see anything; empty: no bound. */
            ends?: string;
            /** @description Whether subjects must have said yes; otherwise it is enough that they have not said no. */
            needsConsent?: boolean;
            /** @description Whether the project shows nothing before evidence of its de-identification has passed. */
            needsEvidence?: boolean;
            /** @description The policy by which data loses its identity. */
            policy: string;
            /**
             * Format: int64
             * @description Its version; 0 for one that comes with the product.
             */
            policyVersion?: number;
            /** @description The number of the trial protocol (0012,0020). */
            protocolNumber?: string;
            /**
             * Format: int64
             * @description The least people who must look alike in what leaves; smaller groups are told to who approves.
             */
            smallestGroup?: number;
            /** @description The first day, as 2026-01-31; empty: no bound. */
            starts?: string;
            /** @description The terms under which the data may be used. */
            terms?: string;
            /** @description Its name for people. */
            title: string;
            /** @description What subjects must have agreed to, such as `research`, `sharing`. */
            uses?: string[];
        };
        /** @description A share with Wilson's interval at 95 %; nothing where nothing was counted. */
        Proportion: {
            /**
             * Format: double
             * @description The upper end.
             */
            high: number;
            /**
             * Format: double
             * @description The lower end.
             */
            low: number;
            /**
             * Format: double
             * @description From 0 to 1.
             */
            value: number;
        };
        /** @description What to remove. */
        PurgeBody: {
            /**
             * Format: int32
             * @description Deletions made at least so many days ago.
             */
            olderThanDays: number;
        };
        /** @description How well one engine with one lexicon reads. */
        Quality: {
            /** @description Everything together. */
            all: components["schemas"]["Figures"];
            /** @description The engine. */
            engine: string;
            /** @description By finding. */
            findings: components["schemas"]["Figures"][];
            /** @description The lexicon. */
            lexicon: string;
            model?: null | components["schemas"]["ModelFigures"];
            /**
             * Format: int32
             * @description How many versions of reports were checked that it has read.
             */
            reports: number;
            /** @description By who sent the report. */
            sites: components["schemas"]["Figures"][];
        };
        /** @description A file in quarantine. */
        QuarantineItem: {
            /** @description What a person can do about it. */
            advice: string;
            /** @description More about this file, as a sentence. */
            detail: string;
            id: string;
            /** @description Its path as the sender named it. */
            path?: string | null;
            /** @description Why, as a code. */
            reason: string;
            receivedAt: string;
            /** Format: int64 */
            size: number;
            /** @description The door and who came in by it. */
            source: string;
            /** @description `open`, `retried` or `discarded`. */
            state: string;
            /** @description Why, in words: `it has no Study Instance UID`. */
            words: string;
        };
        /** @description A page of the files in quarantine. */
        QuarantinePage: {
            items: components["schemas"]["QuarantineItem"][];
            /** @description Where the next page begins; absent on the last. */
            nextCursor?: string | null;
        };
        /** @description A question to a peer. */
        QueryBody: {
            /** @description Keyword or tag to value; an empty value asks for the attribute. */
            keys: {
                [key: string]: string;
            };
            /** @description STUDY, SERIES or IMAGE. */
            level: string;
            /** @description Matches at most; 500 when left out. */
            limit?: number | null;
        };
        Queue: {
            decisions: components["schemas"]["DecisionShape"][];
            groups: components["schemas"]["GroupShape"][];
        };
        /** @description Whether to read what was read. */
        ReadAgain: {
            /** @description From the beginning, also what this engine with this lexicon has read. Without it reading goes on where it stopped. */
            again: boolean;
        };
        /** @description How well reports are read. */
        ReadingQuality: {
            /** @description By engine and lexicon, the latest first; then those of text models. */
            by: components["schemas"]["Quality"][];
            /** @description The engine and lexicon in use. */
            engine: string;
            lexicon: string;
            /** @description The text model in use. */
            model?: string | null;
        };
        /** @description A reading as it is kept. */
        ReadingRow: {
            /** @description The engine. */
            engine: string;
            /** @description The lexicon. */
            lexicon: string;
            /** @description When it was read, as RFC 3339. */
            madeAt: string;
            /** @description What text models say of it, the newest first. */
            opinions: components["schemas"]["OpinionRow"][];
            /** @description What it says. */
            reading: Record<string, never>;
            /**
             * Format: int64
             * @description The version of the report.
             */
            version: number;
        };
        /** @description Why it is taken back. */
        RecallBody: {
            reason: string;
        };
        /** @description Somebody received files. */
        ReceiptShape: {
            /** @description RFC 3339. */
            at: string;
            by: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            files: number;
        };
        /** @description A record with everything about it. */
        RecordInFull: {
            /** @description What its codes are mapped to, beside what was received. */
            mapped: components["schemas"]["MappedCode"][];
            /** @description What a report says, the newest reading of the newest version first. */
            readings: components["schemas"]["ReadingRow"][];
            record: components["schemas"]["RecordRow"];
            /** @description Everything that was said of it, and where. */
            statements: components["schemas"]["StatementRow"][];
            /** @description UCUM codes of units that came without one. */
            units: components["schemas"]["MappedUnit"][];
            usual?: null | components["schemas"]["UsualValue"];
            /** @description The newest first. */
            versions: components["schemas"]["VersionRow"][];
        };
        /** @description A record in full. */
        RecordRow: {
            /** @description The resource. */
            content: Record<string, never>;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description The FHIR resource type. */
            kind: string;
            /** @description When that was known, as RFC 3339. */
            knownAt: string;
            /**
             * Format: int64
             * @description Whose it is.
             */
            person?: number | null;
            /** @description Where an order stands. */
            state: string;
            /** @description FHIR's status. */
            status: string;
            /** @description The text of a report or document. */
            text?: string | null;
            /** @description A line for people. */
            title: string;
            /**
             * Format: int64
             * @description Its newest version.
             */
            version: number;
        };
        /** @description Something that was looked at. */
        ReleaseCheck: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description small-groups, rare-values, dates, residual, policy */
            kind: string;
            /** @description What was found, in words that identify nobody. */
            says: string;
            /** @description How much it weighs. */
            severity: components["schemas"]["ReleaseSeverity"];
        };
        /** @description The cohort. */
        ReleaseCohort: {
            id: string;
            name: string;
            /** Format: int64 */
            version: number;
        };
        /** @description What somebody decided. */
        ReleaseDecision: {
            approve: boolean;
            /** @description RFC 3339. */
            at: string;
            by: string;
            reason: string;
        };
        /** @description A release with all that is known of it. */
        ReleaseDetail: components["schemas"]["ReleaseSummary"] & {
            /** @description What was looked at: for who decides, and for others once it was approved. */
            checks: components["schemas"]["ReleaseCheck"][];
            cohort: components["schemas"]["ReleaseCohort"];
            decisions: components["schemas"]["ReleaseDecision"][];
            /** @description What the cohort asks. */
            definition: Record<string, never>;
            endpoint?: null | components["schemas"]["ReleaseEndpoint"];
            ethics: components["schemas"]["EthicsShape"];
            /**
             * Format: int64
             * @description The version of the facts.
             */
            facts: number;
            fetching?: null | components["schemas"]["ReleaseFetching"];
            /** @description Letters to recipients, the latest first: for who decides. */
            letters: components["schemas"]["ReleaseLetter"][];
            missing: components["schemas"]["ReleaseMissing"][];
            /**
             * Format: int64
             * @description How many must approve.
             */
            needed: number;
            package?: null | components["schemas"]["PackageShape"];
            policy: components["schemas"]["PinnedPolicy"];
            progress: components["schemas"]["ReleaseProgress"];
            purpose: string;
            receipts: components["schemas"]["ReceiptShape"][];
            recipients: components["schemas"]["ReleaseRecipient"][];
        };
        /** @description Where the exams are shown and the facts asked without a copy. */
        ReleaseEndpoint: {
            /** @description The project's DICOMweb service. */
            dicomweb: string;
            /** @description Where statements that name the release are answered. */
            sql: string;
        };
        /** @description How far fetching what was still in a PACS is. */
        ReleaseFetching: {
            /**
             * Format: int64
             * @description Those of them that are here.
             */
            here: number;
            /** @description What is still missing, by peer and reason; for who decides. */
            missing: components["schemas"]["ReleaseStillMissing"][];
            /**
             * Format: int64
             * @description Exams that were to be fetched.
             */
            wanted: number;
            /** @description Who said that the package is made without what is missing. */
            without?: string | null;
        };
        /** @description A file of a package. */
        ReleaseFile: {
            /** @description dicom, nifti, tables, papers */
            form: string;
            path: string;
            /** @description In hexadecimal. */
            sha256: string;
            /** Format: int64 */
            size: number;
        };
        /** @description The files of a package. */
        ReleaseFiles: {
            /** @description The package's digest. */
            digest: string;
            /** @description By path. */
            files: components["schemas"]["ReleaseFile"][];
        };
        /**
         * @description A form in which data leaves.
         * @enum {string}
         */
        ReleaseForm: "dicom" | "nifti" | "tables" | "reports" | "in-place";
        /** @description A letter to a recipient. */
        ReleaseLetter: {
            about: components["schemas"]["LetterAbout"];
            /** @description RFC 3339: when it was sent, or else written. */
            at: string;
            email: string;
            /** @description To whom. */
            name: string;
            /** @description The release. */
            release: string;
            /** @description waiting, sent, failed, or unsent: no mail server is set. */
            state: string;
            /** @description Why it is not sent yet, or never. */
            why: string;
        };
        /** @description Releases. */
        ReleaseList: {
            releases: components["schemas"]["ReleaseSummary"][];
        };
        /** @description A release's id. */
        ReleaseMade: {
            id: string;
        };
        /** @description Something of the cohort that a package has not. */
        ReleaseMissing: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description patient, exam, instance, volume */
            what: string;
            /** @description Why. */
            why: string;
        };
        /** @description How far the making is. */
        ReleaseProgress: {
            /** Format: int64 */
            done: number;
            /** Format: int64 */
            of: number;
            says: string;
        };
        /** @description A project by name. */
        ReleaseProject: {
            id: string;
            title: string;
        };
        /** @description Somebody who is to receive the data. */
        ReleaseRecipient: {
            /** @description Their address; the name of their account here counts as one. */
            email: string;
            /** @description Where they work. */
            institution?: string;
            /** @description Their name. */
            name: string;
        };
        /** @description What is asked for. */
        ReleaseRequest: {
            /** @description What the ethics committee's vote is known by. */
            ethics?: string;
            /** @description The last day on which it can be received, as 2026-01-31. */
            expires: string;
            /** @description The forms. */
            forms: components["schemas"]["ReleaseForm"][];
            /** @description The frozen cohort. */
            frozen: string;
            /** @description The project in whose terms the data leaves. */
            project: string;
            /** @description What the data is for. */
            purpose: string;
            /** @description Who is to receive it. */
            recipients: components["schemas"]["ReleaseRecipient"][];
            /** @description Whether who asks accepts the project's terms of use. */
            terms: boolean;
            /** @description Its name for people. */
            title: string;
        };
        /**
         * @description How much something weighs.
         * @enum {string}
         */
        ReleaseSeverity: "stop" | "warn" | "ok";
        /**
         * @description Where a release stands.
         * @enum {string}
         */
        ReleaseState: "asked" | "refused" | "cancelled" | "making" | "waiting" | "failed" | "ready" | "expired" | "recalled";
        /** @description Exams that are still missing for one reason. */
        ReleaseStillMissing: {
            /**
             * Format: int64
             * @description How many exams.
             */
            count: number;
            /** @description The peer that holds them. */
            peer: string;
            /** @description When it goes on, RFC 3339; null: it does by itself, or nothing more is waited for. */
            until?: string | null;
            /** @description Whether they are waited for. */
            waits: boolean;
            /** @description Why they are not here. */
            why: string;
        };
        /** @description A release as it is listed. */
        ReleaseSummary: {
            /** @description RFC 3339. */
            askedAt: string;
            askedBy: string;
            /**
             * Format: int64
             * @description Exams of the cohort; null as patients.
             */
            exams?: number | null;
            /** @description The last day on which it can be received. */
            expires: string;
            forms: components["schemas"]["ReleaseForm"][];
            /** @description The frozen cohort. */
            frozen: string;
            id: string;
            /** @description Whether the caller may decide on it now. */
            mayDecide: boolean;
            /** @description Whether the caller may receive its files now. */
            mayReceive: boolean;
            /**
             * Format: int64
             * @description Patients of the cohort; null where the caller may not know so few before somebody approved.
             */
            patients?: number | null;
            project: components["schemas"]["ReleaseProject"];
            state: components["schemas"]["ReleaseState"];
            title: string;
        };
        /** @description What somebody decides. */
        ReleaseVerdict: {
            approve: boolean;
            /** @description Why; needed for a no. */
            reason?: string;
        };
        /** @description A report as it was checked. */
        ReportCheck: {
            /** @description The engine whose reading was looked at. */
            engine: string;
            /** @description Everything the report says, and what it does not say and was read. */
            findings: components["schemas"]["CheckedFinding"][];
            /** @description Its lexicon. */
            lexicon: string;
            /**
             * Format: int64
             * @description The version of the report.
             */
            version: number;
        };
        /** @description A page of reports, the latest that came first. */
        ReportList: {
            /**
             * Format: int64
             * @description Where the next page begins; absent on the last.
             */
            nextCursor?: number | null;
            reports: components["schemas"]["FoundReport"][];
        };
        /** @description What to look for. In a body: words of a report may name somebody, and addresses are logged. */
        ReportSearch: {
            /**
             * Format: int64
             * @description `nextCursor` of the page before.
             */
            cursor?: number | null;
            /**
             * @description Words, "phrases", `finding:present|absent|possible`, `modality:CT`, `status:final`, `from:` and `to:` a day;
             *     `-` in front leaves out; `*` behind a word: its beginning.
             */
            text: string;
        };
        RequestBody: {
            code: string;
            /** @description Why, in 10 to 1000 characters. */
            reason: string;
        };
        RequestList: {
            requests: components["schemas"]["RequestShape"][];
        };
        /** @description A wish to know who a subject is. */
        RequestShape: {
            answeredAt?: string | null;
            answeredBy?: string | null;
            /** @description RFC 3339. */
            askedAt: string;
            askedBy: string;
            code: string;
            granted: boolean;
            /** Format: int64 */
            id: number;
            reason: string;
            /** @description When the patient was shown; it is shown once. */
            shownAt?: string | null;
        };
        /**
         * @description The form of an answer.
         * @enum {string}
         */
        RowForm: "json" | "csv" | "arrow" | "parquet";
        /** @description What a rule says: which exams, where to, when. */
        Rule: {
            /** @description All that are given must hold. */
            conditions?: components["schemas"]["Conditions"];
            /**
             * Format: int32
             * @description Instances a second at most; 0: as fast as it goes.
             */
            instancesPerSecond?: number;
            /** @description What people call it. */
            name: string;
            /** @description The entries of the peers it is sent to, and folders of the configuration as `folder:NAME`. */
            peers: string[];
            /**
             * @description The project through which it goes: its patient is enrolled by this exam, and it is sent de-identified, as the
             *     project sees it. Without one it goes with its identity, as it came.
             */
            project?: string | null;
            /**
             * Format: int32
             * @description Seconds without anything new after which the exam is looked at: DICOM does not say when one is complete.
             */
            quietSeconds: number;
        };
        /** @description What a rule is to be. */
        RuleChange: {
            isOn: boolean;
            rule: components["schemas"]["Rule"];
            /**
             * Format: int64
             * @description The version that was seen.
             */
            version: number;
        };
        /** @description All rules. */
        RuleList: {
            /** @description Folders that rules may name beside peers. */
            folders: string[];
            rules: components["schemas"]["KeptRule"][];
        };
        /** @description A rule as it was. */
        RuleVersions: {
            rules: components["schemas"]["KeptRule"][];
        };
        /** @description A choice by chance: the same patients every time. */
        Sample: {
            /**
             * Format: int32
             * @description How many patients.
             */
            patients: number;
            /**
             * Format: int32
             * @description Another number gives another choice.
             */
            seed?: number;
        };
        /** @description What was kept. */
        Saved: {
            /** @description When it was made (RFC 3339). */
            changedAt: string;
            /** @description The SOP Instance UID of the report that keeps it. */
            instance?: string | null;
            /**
             * Format: int32
             * @description The measurement's version now.
             */
            version: number;
        };
        /** @description A reading of the whole archive. */
        Scrub: {
            /** @description Who asked for it. */
            actor: string;
            beganAt: string;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int64
             * @description Places that were not as they should be.
             */
            damaged: number;
            endedAt: string;
            /**
             * Format: int64
             * @description Originals whose digest was computed.
             */
            entries: number;
            /** @description Whether copies in other places were read too. */
            everywhere: boolean;
            /**
             * Format: int64
             * @description Of them: replaced from a good copy.
             */
            repaired: number;
        };
        /** @description What one segment is. */
        Segment: {
            /** @description Red, green and blue in which it is shown. */
            color: number[];
            /** @description What the person calls it. */
            label: string;
            /**
             * Format: int32
             * @description From 1, each once.
             */
            number: number;
        };
        /** @description A segmentation with everything that is marked in it. */
        SegmentationBody: components["schemas"]["SegmentationItem"] & {
            /** Format: int32 */
            columns: number;
            masks: components["schemas"]["Mask"][];
            /** Format: int32 */
            rows: number;
        };
        /** @description A change to a segmentation: masks that are named take the place of what was, the rest stays. */
        SegmentationChange: {
            /**
             * Format: int32
             * @description Of the images it lies on.
             */
            columns: number;
            /** @description What the person calls the whole. */
            label: string;
            masks: components["schemas"]["Mask"][];
            /**
             * Format: int32
             * @description Of the images it lies on.
             */
            rows: number;
            /** @description All its segments; masks of others go. */
            segments: components["schemas"]["Segment"][];
        };
        /** @description A segmentation in its newest version. Its pixels are those of the instance. */
        SegmentationItem: {
            /** @description The account of whose it is. */
            author: string;
            /** @description When this version was made (RFC 3339). */
            changedAt: string;
            /** @description The SOP Instance UID of this version. */
            instance: string;
            label: string;
            /** @description Whether it is the caller's own. */
            own: boolean;
            segments: components["schemas"]["Segment"][];
            /** @description Its Series Instance UID, which it keeps through all versions. */
            series: string;
            /**
             * Format: int32
             * @description 1 when first kept, one more with every change.
             */
            version: number;
        };
        /** @description Everybody's segmentations of an exam. */
        Segmentations: {
            segmentations: components["schemas"]["SegmentationItem"][];
        };
        /** @description A series. */
        Series: {
            bodyPart: string;
            instanceCount: number;
            instances: components["schemas"]["Instance"][];
            modality: string;
            seriesDescription: string;
            seriesInstanceUid: string;
            /** Format: int64 */
            seriesNumber?: number | null;
        };
        /** @description Who is signed in. */
        Session: {
            account: components["schemas"]["Account"];
            /** @description To be sent back as X-CSRF-Token with every change; empty for tokens, which need none. */
            csrfToken: string;
            /** @description When the session ends unless used again, RFC 3339; null for tokens. */
            expiresAt?: string | null;
            /** @description What the account may, so that pages offer nothing else. */
            may: components["schemas"]["Action"][];
        };
        /** @description Something drawn. */
        Shape: {
            /**
             * @description `point`, `multipoint`, `polyline`, `circle` (centre, point on it), `ellipse` (ends of the major axis,
             *     then of the minor one), `polygon` (in space).
             */
            graphic: string;
            /**
             * @description On an image column and row for each point, from the corner of the first pixel, whose centre is at
             *     0.5, 0.5 (PS3.3 §C.18.6.1.1); in space x, y and z in mm.
             */
            points: number[];
        };
        /** @description For whom or what, and how long. */
        Share: {
            /**
             * Format: int32
             * @description Minutes until it ends, 1 to 43200 (thirty days); left out, 60.
             */
            minutes?: number | null;
            /** @description What it is for, without anything about the patient; it is shown among one's tokens. */
            name: string;
        };
        /** @description A token that reads one exam, and the addresses it opens. The secret is shown this once. */
        Shared: {
            /** @description The exam by DICOMweb. */
            dicomweb: string;
            /** @description The viewer for a frame or a window of its own; the token stands behind `#`, which no server is sent. */
            embed: string;
            expiresAt: string;
            /** @description Names it among one's tokens and in the audit log. */
            id: string;
            /** @description Send it as `Authorization: Bearer …`. */
            secret: string;
        };
        /** @description The segments that the originals lie in. */
        Shelves: {
            /**
             * Format: int64
             * @description What they take.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Room for more in the archive's folder.
             */
            free: number;
            /** @description Whether every sealed segment has a second copy. */
            hasSecondCopy: boolean;
            /** @description Whether sealed segments move to an object store. */
            hasTier: boolean;
            /** @description Of them: in the archive's folder. */
            local: number;
            /** @description Of them: complete, not written to any more. */
            sealed: number;
            segments: number;
            /** @description Of them: in the object store. */
            tiered: number;
        };
        /** @description One side of a doubt. */
        Side: {
            /**
             * Format: int64
             * @description How many exams.
             */
            exams: number;
            /** @description The identifier. */
            identifier: components["schemas"]["PersonIdentifier"];
            /** @description The name, as it is compared. */
            name: string;
            /**
             * Format: int64
             * @description The person.
             */
            person: number;
            /**
             * Format: int64
             * @description How many records are under it.
             */
            records: number;
            /** @description The sex. */
            sex: string;
        };
        /** @description A name and a password. */
        SignIn: {
            name: string;
            password: string;
        };
        /** @description A one-time sign-in link. */
        SignInLink: {
            expiresAt: string;
            url: string;
        };
        /** @description Something else, and how long before the exam. */
        Since: {
            /**
             * Format: int64
             * @description Days from it to the exam.
             */
            days: number;
            /**
             * Format: int64
             * @description The record.
             */
            record: number;
            /** @description A line for people. */
            title: string;
        };
        /** @description A whole slide. */
        SlideBody: {
            /** @description Pictures of the glass, as `glass/0`, `glass/1`. */
            glass: components["schemas"]["GlassName"][];
            /** @description From coarse to fine; at least one. */
            levels: components["schemas"]["SlideLevel"][];
            /** @description Micrometres between columns and between rows of the finest level; absent where nothing tells it. */
            micrometresPerPixel?: number[] | null;
            /** @description Optical paths or channels; at least one. */
            paths: components["schemas"]["SlidePath"][];
            place?: null | components["schemas"]["PlaceBody"];
            /**
             * Format: int32
             * @description Focal planes; at least one.
             */
            planes: number;
        };
        /** @description One resolution of a slide. */
        SlideLevel: {
            /** Format: int32 */
            columns: number;
            /** @description Whether the file lacks it and the server makes it from a finer one. */
            made: boolean;
            /** Format: int32 */
            rows: number;
            /** Format: int32 */
            tileColumns: number;
            /** Format: int32 */
            tileRows: number;
        };
        /** @description An optical path or channel. */
        SlidePath: {
            id: string;
            name: string;
        };
        /** @description A source and what of it could not be read. */
        SourceInFull: components["schemas"]["SourceRow"] & {
            /** @description What became no record, and why; the first thousand. */
            left: components["schemas"]["LeftItem"][];
            /** @description The records it says something of; the first two hundred. */
            records: components["schemas"]["Told"][];
        };
        /** @description A page of sources, the latest first. */
        SourceList: {
            /** @description Where the next page begins; absent on the last. */
            nextCursor?: string | null;
            sources: components["schemas"]["SourceRow"][];
        };
        /** @description A source in a list. */
        SourceRow: {
            /** @description Whose account brought it. */
            account: string;
            /** @description MSH-10. */
            control: string;
            /** @description SHA-256 of its bytes. */
            digest: string;
            /** @description The door it came by. */
            door: string;
            /** @description Its file's name; it may identify somebody. */
            fileName: string;
            /** @description See [`intake::Format`]. */
            format: string;
            /** @description 32 hexadecimal digits. */
            id: string;
            /**
             * Format: int64
             * @description Parts kept unread.
             */
            kept: number;
            /**
             * Format: int64
             * @description Bytes.
             */
            length: number;
            /** @description Why it was refused. */
            reason: string;
            /** @description When, as RFC 3339. */
            receivedAt: string;
            /**
             * Format: int64
             * @description Parts refused.
             */
            refused: number;
            /** @description Who sent it. */
            sender: string;
            /** @description When it was sent, as RFC 3339. */
            sentAt?: string | null;
            /** @description `read`, `partly`, `refused`, `reading`, `part`. */
            state: string;
            /**
             * Format: int64
             * @description Statements in it.
             */
            statements: number;
            /** @description Who issued the ids in it. */
            system: string;
            /**
             * Format: int64
             * @description How often it came.
             */
            times: number;
            /** @description What it is: `ADT^A40`. */
            title: string;
        };
        /**
         * @description Whose words.
         * @enum {string}
         */
        SqlOf: "ansi" | "spark";
        /** @description A newer version than the one a change was made from. */
        StaleBody: {
            /** @description The newest version. */
            current: components["schemas"]["WorkItem"];
            detail: string;
            /** Format: int32 */
            status: number;
            title: string;
            type: string;
        };
        /** @description A definition as SQL. */
        Statement: {
            /** @description Gives `patient` and `exam` of those who may be controls, where there are controls. */
            controls?: string | null;
            /** @description Gives `patient` and `exam`. */
            exams: string;
            /** @description Gives `patient`. */
            patients: string;
        };
        /** @description A statement to be answered. */
        StatementAsked: {
            /**
             * Format: int64
             * @description A version of the facts, such as a frozen cohort pins; left out: the newest.
             */
            facts?: number | null;
            /** @description The form of the answer. */
            form?: components["schemas"]["RowForm"];
            /** @description A release that is asked in place: its tables instead of the facts, for who may receive it. */
            release?: string | null;
            /**
             * Format: int64
             * @description Seconds it may take, 1 to 60; left out: 60.
             */
            seconds?: number | null;
            /** @description One SELECT over the tables that `/cohort-language` lists; `information_schema` tells of them, too. */
            statement: string;
        };
        /** @description Something that was said of a record. */
        StatementRow: {
            /** @description Where it stands there. */
            place: string;
            /** @description When we received it. */
            receivedAt: string;
            /** @description When the sender said it, as RFC 3339. */
            saidAt: string;
            /** @description The source. */
            source: string;
            /** @description Who said it. */
            speaker: string;
        };
        /** @description A definition to be put into SQL. */
        StatementWanted: {
            definition: components["schemas"]["Definition"];
            dialect: components["schemas"]["SqlOf"];
        };
        /** @description What a person did. */
        StepNote: {
            note?: string;
        };
        /** @description The state of the shelves. */
        Storage: {
            compression: components["schemas"]["Compression"];
            /** @description When that was counted (RFC 3339). */
            countedAt: string;
            /** @description When the disk will be full, by what arrived in the last weeks. */
            forecast: components["schemas"]["Forecast"];
            /** @description Which ledger: `sqlite` or `postgres`. */
            ledger: string;
            /** @description How much there is of each modality, the largest first. */
            modalities: components["schemas"]["Modality"][];
            scrub?: null | components["schemas"]["Scrub"];
            shelves: components["schemas"]["Shelves"];
            /** @description When this process started (RFC 3339). */
            startedAt: string;
            version: string;
            waiting: components["schemas"]["WaitingWork"];
        };
        SubjectList: {
            subjects: components["schemas"]["SubjectShape"][];
        };
        /** @description A subject, by its code. */
        SubjectShape: {
            code: string;
            /** @description The last word on each use. */
            consents: {
                [key: string]: components["schemas"]["ConsentShape"];
            };
            /** @description RFC 3339. */
            enrolledAt: string;
            enrolledBy: string;
            /**
             * Format: int64
             * @description Exams and instances that can be seen in the project.
             */
            exams: number;
            /** Format: int64 */
            instances: number;
            patient?: null | components["schemas"]["PatientShape"];
            /** @description Whether the project may use it now: it has not left, and agreed to what the project is for. */
            usable: boolean;
            withdrawn: boolean;
        };
        /** @description How much of everything there is, and how much waits. */
        Summary: {
            /** @description True while something that came is not read yet. */
            busy: boolean;
            records: components["schemas"]["CountOf"][];
            sources: components["schemas"]["CountOf"][];
            waiting: components["schemas"]["Waiting"];
        };
        /** @description What the product is and how it can be reached. */
        System: {
            counts?: null | components["schemas"]["Counts"];
            dimse?: null | components["schemas"]["Dimse"];
            /** @description Whether one can sign in with OpenID Connect. */
            oidc: boolean;
            /** @description What is wrong at the moment; for those who are signed in. */
            troubles?: components["schemas"]["Trouble"][] | null;
            /** @description The product's version. */
            version: string;
        };
        /** @description A test of a column. What is given must all hold. */
        Test: {
            /** @description It is one of these. */
            anyOf?: string[];
            /** @description It has this in it, in capitals or not. */
            contains?: string | null;
            /** @description The column; of `series` also `attributes.` and a DICOM keyword or `ggggeeee`. */
            field: string;
            /** @description Whether it is known. */
            known?: boolean | null;
            max?: null | components["schemas"]["Bound"];
            min?: null | components["schemas"]["Bound"];
            /** @description The other way round; what is not known passes then. */
            not?: boolean;
            /** @description Beside `says`: or it speaks of one of these findings of the lexicon in whatever words. */
            orFindings?: string[];
            /** @description Of words of a report: it says one of these, words or phrases of the lexicon; `nodul*`: a beginning. */
            says?: string[];
            /** @description It begins with one of these: a code and what is below it. */
            startsWith?: string[];
        };
        /** @description One person's record. */
        Timeline: {
            /** @description The earliest first; what has no time last. */
            entries: components["schemas"]["Entry"][];
            links: components["schemas"]["LinkRow"][];
            person: components["schemas"]["Person"];
        };
        /** @description A report that should be checked. */
        ToCheck: {
            /** @description When, as RFC 3339. */
            at?: string | null;
            /** @description Whether it is here by lot, not because of its doubts. */
            byLot: boolean;
            /**
             * Format: int64
             * @description How many findings are doubted or contradict each other; in the list of those on which a model says something else,
             *     how many that are.
             */
            doubt: number;
            /** @description By what it was made; empty if nobody says. */
            modality: string;
            /**
             * Format: int64
             * @description The record.
             */
            record: number;
            /** @description Who sent it; empty if nobody says. */
            site: string;
            /** @description FHIR's status. */
            status: string;
            /** @description A line for people. */
            title: string;
        };
        /** @description Reports that should be checked. */
        ToCheckList: {
            /** @description Those on which the text model in use says something else than the rules, the most differences first. */
            disputed: components["schemas"]["ToCheck"][];
            reports: components["schemas"]["ToCheck"][];
        };
        /** @description One token, without its secret. */
        Token: {
            createdAt: string;
            expiresAt: string;
            id: string;
            lastUsedAt?: string | null;
            /** @description What it is for. */
            name: string;
            roles: string[];
            /** @description The one exam it reads, for one that was handed on. */
            studyInstanceUid?: string | null;
        };
        /** @description The caller's tokens. */
        TokenList: {
            tokens: components["schemas"]["Token"][];
        };
        /** @description A record that a source says something of. */
        Told: {
            /** @description The FHIR resource type. */
            kind: string;
            /**
             * Format: int64
             * @description Whose it is.
             */
            person?: number | null;
            /**
             * Format: int64
             * @description Its number.
             */
            record: number;
            /** @description A line for people. */
            title: string;
        };
        /** @description How many there are. */
        Total: {
            /** @description False if there are at least so many. */
            exact: boolean;
            /**
             * Format: int64
             * @description The number.
             */
            value: number;
        };
        /** @description A transfer and how far it is. */
        Transfer: {
            /** @description Who asked for it. */
            askedBy: string;
            /**
             * Format: int64
             * @description Instances that arrived.
             */
            completed: number;
            createdAt: string;
            direction: components["schemas"]["Direction"];
            /**
             * Format: int64
             * @description Instances that did not.
             */
            failed: number;
            /** Format: int64 */
            id: number;
            /** @description The peer's entry; `folder:` and a name: a folder of the configuration. */
            peer: string;
            /** @description The project whose exam it is, de-identified; the UIDs are then the project's. */
            project?: string | null;
            /** @description Why it waits or failed, or who cancelled it. */
            reason?: string | null;
            /**
             * Format: int64
             * @description The routing rule that asked for it.
             */
            rule?: number | null;
            seriesInstanceUid?: string | null;
            /** @description waiting, running, done, failed, cancelled */
            state: string;
            studyInstanceUid: string;
            /**
             * Format: int64
             * @description Instances in all, as far as is known.
             */
            total: number;
            updatedAt: string;
        };
        /** @description What to transfer. */
        TransferBody: {
            /**
             * Format: int32
             * @description Instances a second at most; left out: as fast as it goes.
             */
            instancesPerSecond?: number | null;
            /** @description One series of it; left out: all. */
            seriesInstanceUid?: string | null;
            studyInstanceUid: string;
        };
        /** @description Transfers, newest first. */
        TransferList: {
            transfers: components["schemas"]["Transfer"][];
        };
        /** @description What to try. */
        Trial: {
            conditions: components["schemas"]["Conditions"];
            /**
             * Format: int32
             * @description Days to look back; 7 unless said, 31 at most.
             */
            days?: number | null;
        };
        /** @description What the conditions would have found. */
        Tried: {
            /** @description Whether these are all that arrived. */
            complete: boolean;
            /** Format: int32 */
            days: number;
            /** @description The latest of those that match. */
            exams: components["schemas"]["Exam"][];
            /** @description Exams that something arrived of in these days and that were looked at. */
            looked: number;
            matched: number;
        };
        /** @description Something that is wrong. */
        Trouble: {
            /** @description `disk`, `sealing`, `keeping`, `recompressing`, `indexing`, `reading`, `routing`, `mailing` or `audit`. */
            area: string;
            /** @description What is wrong and what goes on meanwhile. */
            what: string;
        };
        /** @description An upload. */
        Upload: {
            id: string;
        };
        /** @description What became of a file. */
        UploadOutcome: {
            /** @description Why, in words. */
            detail?: string | null;
            /** @description Its id in quarantine. */
            id?: string | null;
            /** @description `stored`, `alreadyHeld`, `conflict`, `quarantined`, `refused` or `ignored`. */
            outcome: string;
            /** @description Why, as a code. */
            reason?: string | null;
            /** @description Its series. */
            seriesInstanceUid?: string | null;
            /** @description SHA-256 of its bytes. */
            sha256?: string | null;
            /** @description Its own UID. */
            sopInstanceUid?: string | null;
            /** @description The exam it belongs to. */
            studyInstanceUid?: string | null;
        };
        /** @description What arrived so far. */
        UploadState: {
            files: components["schemas"]["UploadedFile"][];
        };
        /** @description The sum of an upload. */
        UploadSummary: {
            /** Format: int64 */
            alreadyHeld: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            conflicts: number;
            /** Format: int64 */
            files: number;
            /** Format: int64 */
            ignored: number;
            /** Format: int64 */
            quarantined: number;
            /** Format: int64 */
            refused: number;
            /** Format: int64 */
            stored: number;
            /** @description The exams it brought something of. */
            studyInstanceUids: string[];
        };
        /** @description One file of an upload. */
        UploadedFile: components["schemas"]["UploadOutcome"] & {
            path: string;
            /** Format: int64 */
            size: number;
        };
        /** @description Somebody received files. */
        UseReceipt: {
            /** @description RFC 3339. */
            at: string;
            by: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            files: number;
        };
        /** @description A value in the usual unit. */
        UsualValue: {
            /** @description In UCUM. */
            unit: string;
            /** Format: double */
            value: number;
        };
        /** @description Values, those of most patients first. */
        ValueList: {
            values: components["schemas"]["FacetValue"][];
        };
        /** @description Values of a column to choose from. */
        ValuesWanted: {
            /** @description A column of texts or numbers. */
            column: string;
            /** @description Letters that are in the value, or in the words of a code. */
            has?: string;
            /** @description The table. */
            table: string;
        };
        /**
         * @description What became of a finding when a person looked at it.
         * @enum {string}
         */
        Verdict: "confirmed" | "corrected" | "added" | "struck";
        /** @description What to verify. */
        VerifyBody: {
            /** @description Also the copies in the tier and the second copy. */
            everywhere?: boolean;
            /** @description Replace damaged copies by good ones. */
            repair?: boolean;
        };
        /** @description A version of a record. */
        VersionRow: {
            /** @description The resource as it held then. */
            content: Record<string, never>;
            /** @description When we knew it, as RFC 3339. */
            knownAt: string;
            /** @description The source that brought it. */
            source: string;
            /** @description Where an order stood. */
            state: string;
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            version: number;
        };
        /** @description What an administrator has set up for showing exams elsewhere. */
        Viewers: {
            /** @description Our DICOMweb address. */
            dicomweb: string;
            /** @description Origins whose pages may show our viewer in a frame. */
            embedOrigins: string[];
            viewers: components["schemas"]["OtherViewer"][];
        };
        /** @description One volume, or one in time. */
        VolumeItem: {
            /** @description Voxel to mm of the patient's right, front and head: three rows. */
            affine: number[][];
            /**
             * Format: int64
             * @description Bytes before compression.
             */
            bytes: number;
            /** @description Images it is made of. */
            images: number;
            /** @description What whoever uses it should know. */
            notes: string[];
            /** @description Columns, rows, slices, times. */
            shape: number[];
            /** @description Distance of columns, rows and slices in mm. */
            spacingMm: number[];
            /** @description The type of a voxel, such as `int16`. */
            voxel: string;
        };
        /** @description What a series gives as NIfTI. */
        VolumeList: {
            /** @description Images that are no volume, and why. */
            notConverted: components["schemas"]["NotConverted"][];
            volumes: components["schemas"]["VolumeItem"][];
        };
        /** @description How much waits. */
        Waiting: {
            /**
             * Format: int64
             * @description Links that are not sure.
             */
            links: number;
            /**
             * Format: int64
             * @description Doubts about people.
             */
            people: number;
            /**
             * Format: int64
             * @description Sources of which something was refused.
             */
            refused: number;
        };
        /** @description A link with both its sides. */
        WaitingLink: {
            exam?: null | components["schemas"]["ExamSide"];
            link: components["schemas"]["LinkRow"];
            other?: null | components["schemas"]["RecordRow"];
            record?: null | components["schemas"]["RecordRow"];
        };
        /** @description A page of links that wait. */
        WaitingList: {
            links: components["schemas"]["WaitingLink"][];
            /**
             * Format: int64
             * @description Where the next page begins; absent on the last.
             */
            nextCursor?: number | null;
        };
        /** @description What waits. */
        WaitingWork: {
            /** Format: int64 */
            conflicts: number;
            /** @description Work in the background, by its kind. */
            jobs: components["schemas"]["JobsOfKind"][];
            /** Format: int64 */
            quarantined: number;
        };
        /** @description What is asked for. */
        Wanted: {
            /** @description Of a table: begin with a byte order mark, which spreadsheets need to read UTF-8. */
            byteOrderMark?: boolean;
            /** @description Of a table: keywords or tags of the columns; none: a sensible set; `["all"]`: everything there is. */
            columns?: string[];
            form: components["schemas"]["Form"];
            /** @description Of a table: what a row is; an instance unless said. */
            level?: components["schemas"]["Level"];
            parts: components["schemas"]["Part"][];
        };
        /** @description The way of one patient through a definition. */
        Why: {
            /** @description Each criterion, in the order of the definition. */
            criteria: components["schemas"]["CriterionFound"][];
            /** @description Whether the patient meets it; a sample may still leave them out. */
            isIn: boolean;
        };
        /** @description A patient and a definition. */
        WhyWanted: {
            definition: components["schemas"]["Definition"];
            /**
             * Format: int64
             * @description The patient's number.
             */
            patient: number;
        };
        /** @description Who withdraws. */
        WithdrawalBody: {
            /** @description What was said. */
            reason: string;
            /** @description Study Instance UID of one of the patient's exams. */
            study: string;
        };
        /** @description Withdrawals. */
        WithdrawalList: {
            withdrawals: components["schemas"]["WithdrawalShape"][];
        };
        /** @description The id of a withdrawal. */
        WithdrawalMade: {
            id: string;
        };
        /** @description A withdrawal. */
        WithdrawalShape: {
            /** @description RFC 3339. */
            at: string;
            by: string;
            id: string;
            /** @description What recipients were told. */
            letters: components["schemas"]["ReleaseLetter"][];
            reason: string;
            steps: components["schemas"]["WithdrawalStep"][];
        };
        /** @description A place, and what became of the patient there. */
        WithdrawalStep: {
            /** @description RFC 3339. */
            doneAt?: string | null;
            doneBy?: string | null;
            /** Format: int64 */
            n: number;
            name: string;
            /** @description project, facts, frozen, package, recipient, consent */
            place: string;
            says: string;
            /** @description done or waits */
            state: string;
        };
        WithheldCount: {
            /** @description The reason in words. */
            detail: string;
            /** Format: int64 */
            instances: number;
            /** @description A word for the reason. */
            reason: string;
        };
        WithheldList: {
            /** @description Whether more follow after the last. */
            more: boolean;
            withheld: components["schemas"]["WithheldShape"][];
        };
        /** @description Something the wall kept back. */
        WithheldShape: {
            code: string;
            detail: string;
            modality: string;
            original?: null | components["schemas"]["OriginalShape"];
            reason: string;
            sopClassUid: string;
            /** @description The UID it has in the project. */
            sopInstanceUid: string;
            /** @description RFC 3339. */
            withheldAt: string;
        };
        /** @description What the lexicon knows of it. */
        WordsKnown: {
            /** @description Keys of findings it names, which reports may put in other words. */
            findings: string[];
            /** @description Whether it can be asked for: all of its words are in the lexicon. */
            known: boolean;
            /** @description The phrase with its last word ended, as the lexicon has it. */
            phrases: string[];
        };
        /** @description A word, a phrase, or the beginning of one. */
        WordsWanted: {
            text: string;
        };
        /** @description Everybody's work on an exam. */
        WorkBody: {
            /** @description Who asks: theirs are the ones they may change. */
            account: string;
            /** @description Measurements made here, removed ones included. */
            measurements: components["schemas"]["WorkItem"][];
            /** @description Reports that other programs made. */
            reports: components["schemas"]["OtherReport"][];
        };
        /** @description A measurement in one version. */
        WorkItem: {
            /** @description The account of whose it is. */
            author: string;
            /** @description When this version was made (RFC 3339). */
            changedAt: string;
            /** @description When it was first drawn (RFC 3339). */
            madeAt: string;
            measurement: components["schemas"]["Measurement"];
            /** @description Whether it is the caller's own. */
            own: boolean;
            /** @description Whether this version says that it is no more. */
            removed: boolean;
            /**
             * Format: int32
             * @description 1 when first drawn, one more with every change.
             */
            version: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    put_account_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_accounts_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRow"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts_name_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts_name_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_keep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_purge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PurgeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_recompress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_attachments: {
        parameters: {
            query: {
                /** @description `patient-of` an exam, `exam` or `project`; `patient` for programs that know the ID alone. */
                subject: string;
                /**
                 * @description The Study Instance UID, the project's name, or the Patient ID. Pages say `patient-of` and a UID:
                 *     an ID in an address would be kept in logs and histories.
                 */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_attachments: {
        parameters: {
            query: {
                /** @description `patient-of` an exam, `exam` or `project`; `patient` for programs that know the ID alone. */
                subject: string;
                /**
                 * @description The Study Instance UID, the project's name, or the Patient ID. Pages say `patient-of` and a UID:
                 *     an ID in an address would be kept in logs and histories.
                 */
                id: string;
                /** @description The file's name, where the header X-File-Name doesn't tell it. */
                name?: string;
            };
            header?: {
                /** @description The file's name, percent-encoded */
                "X-File-Name"?: string | null;
                /** @description SHA-256 of the body */
                "X-Content-SHA256"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attachment"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; the file was not kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_attachments_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit: {
        parameters: {
            query?: {
                /** @description A part of who acted, in large or small letters. */
                actor?: string;
                /** @description The action's word, such as `read`. */
                action?: string;
                /** @description A part of what it was done to: a UID, `account:ann`, `peer:pacs`. */
                object?: string;
                /** @description `done`, `refused` or `failed`. */
                outcome?: string;
                /** @description From this moment on (RFC 3339). */
                from?: string | null;
                /** @description Before this moment (RFC 3339). */
                until?: string | null;
                /** @description Only rows before this number; left out, the newest. */
                before?: number | null;
                /** @description At most this many, up to 1000; left out, 100. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRows"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit_export: {
        parameters: {
            query: {
                /** @description A part of who acted, in large or small letters. */
                actor?: string;
                /** @description The action's word, such as `read`. */
                action?: string;
                /** @description A part of what it was done to: a UID, `account:ann`, `peer:pacs`. */
                object?: string;
                /** @description `done`, `refused` or `failed`. */
                outcome?: string;
                /** @description From this moment on (RFC 3339). */
                from?: string | null;
                /** @description Before this moment (RFC 3339). */
                until?: string | null;
                format: "csv" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit_head: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
        };
    };
    post_audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditRecorded"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_catalog_rebuild: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CohortQuestion"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_cohort_language: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortLanguage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_members: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MembersWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortMembers"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_sql: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatementWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_values: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ValuesWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_why: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohort_words: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WordsWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WordsKnown"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_cohorts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohorts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CohortToKeep"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortMade"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_cohorts_frozen_frozen_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                frozen: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrozenMembers"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_cohorts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortDetail"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_cohorts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CohortToKeep"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_cohorts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_cohorts_id_frozen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrozenSummary"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conflicts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conflicts_sha256_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attribute"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conflicts_sha256_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/dicom": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_deleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_downloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_downloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wanted"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_downloads_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_downloads_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_downloads_id_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_downloads_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_exams_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExamSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamContents"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_exams_study: {
        parameters: {
            query?: {
                /** @description In words, without anything about the patient. */
                reason?: string;
            };
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_attributes_csv: {
        parameters: {
            query?: {
                /** @description One series; left out: the whole exam. */
                series?: string;
                /** @description What a row is: exam, series or instance. */
                level?: "exam" | "series" | "instance";
                /** @description Keywords or tags with commas between them, or `all`; left out: a sensible set. */
                columns?: string;
                /** @description Begin with a byte order mark, which spreadsheets need to read UTF-8. */
                byte_order_mark?: boolean;
            };
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_files_id_slide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlideBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is no slide */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_files_id_slide_glass_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_files_id_slide_tiles_level_column_row: {
        parameters: {
            query?: {
                /** @description Focal plane, from 0. */
                plane?: number;
                /** @description Optical path, from 0. */
                path?: number;
            };
            header?: never;
            path: {
                study: string;
                id: string;
                level: number;
                column: number;
                row: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_instances_sop_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                sop: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attribute"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_instances_sop_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                sop: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_records: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamRecords"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_exams_study_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_segmentations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmentations"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_segmentations_series: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentationBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_exams_study_segmentations_series: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this was made from, in quotes */
                "If-Match"?: string | null;
            };
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SegmentationChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The series is somebody else's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description There is a newer version; nothing was changed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewerSegmentation"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; nothing was kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_exams_study_segmentations_series: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_nifti: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_slide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlideBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_slide_glass_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_slide_tiles_level_column_row: {
        parameters: {
            query?: {
                /** @description Focal plane, from 0. */
                plane?: number;
                /** @description Optical path, from 0. */
                path?: number;
            };
            header?: never;
            path: {
                study: string;
                series: string;
                level: number;
                column: number;
                row: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_volumes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VolumeList"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_series_series_volumes_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                series: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_exams_study_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Share"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shared"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_work: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_work_history: {
        parameters: {
            query?: {
                /** @description Of this measurement alone. */
                trackingUid?: string;
                /** @description How many; 100 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PastWork"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_exams_study_work_tracking_uid: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this was made from, in quotes */
                "If-Match"?: string | null;
            };
            path: {
                study: string;
                tracking_uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Measurement"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description There is a newer version; nothing was changed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; nothing was kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_exams_study_work_tracking_uid: {
        parameters: {
            query?: never;
            header: {
                /** @description The version seen, in quotes */
                "If-Match": string;
            };
            path: {
                study: string;
                tracking_uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description There is a newer version; nothing was changed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleBody"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_home: {
        parameters: {
            query?: {
                /** @description Hours to look back; 24 unless said, 744 (a month) at most. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Home"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_invented_population: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopulationState"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_invented_population: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PopulationWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopulationState"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_omop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OmopModel"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_omop_table: {
        parameters: {
            query?: {
                /** @description The first person's number; left out: the first there is. */
                first?: number;
                /** @description The last person's number; left out: the last there is. */
                last?: number;
                /** @description A version of the facts; left out: the newest. */
                facts?: number;
                /** @description The form of the answer. */
                form?: components["schemas"]["RowForm"];
            };
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, in the form asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_patients_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The Study Instance UID of any of the patient's exams */
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientContents"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_peers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeerBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerBody"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_peers_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_echo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EchoBody"];
                };
            };
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not asked what it holds. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_query: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchesBody"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_peers_name_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerTold"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_peers_name_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeerTermsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerTold"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPolicy"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersionInFull"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The id is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The document is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyAttributes"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyWording"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyChecked"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_compare: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyComparison"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyDifferences"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_ctp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CtpScript"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CtpImported"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies_options: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyOptions"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPreview"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The policy is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies_id_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_id_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NextPolicyVersion"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersionInFull"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody made a version meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The document is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies_id_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersionInFull"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_policies_id_versions_version_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It is approved already, or ready-made. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
        };
    };
    post_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectShape"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectShape"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_projects_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangedProject"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectShape"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It was changed meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_anew: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_coverage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_decisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_decisions_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/toml": string;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_projects_project_decisions_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvidenceList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Asked"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvidenceShape"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_evidence_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvidenceFound"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_evidence_number_pack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_exams_study_reports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectReportList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_explanations_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPreview"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_identities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_identities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestShape"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_identities_request_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                request: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_identities_request_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                request: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientShape"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_projects_project_members_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_projects_project_members_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_review_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseShape"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_subjects: {
        parameters: {
            query?: {
                /** @description Whether to tell who they are; only to those who may know. */
                identities?: boolean;
            };
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_projects_project_subjects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrol"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolledList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_projects_project_subjects_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_projects_project_subjects_code_consents_purpose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                code: string;
                purpose: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_projects_project_withheld: {
        parameters: {
            query?: {
                /** @description A word for the reason; all of them if left out. */
                reason?: string | null;
                /** @description The SOP Instance UID after which the list goes on. */
                after?: string | null;
            };
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithheldList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quarantine: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinePage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quarantine_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_quarantine_id_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_quarantine_id_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOutcome"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSetList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_codes_look_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeLookup"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeMeanings"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_doubts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_doubts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtAnswer"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_fhir_servers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FhirServerList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_fhir_servers_name_poll: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PollAsked"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_links_waiting: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_links_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkDecision"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_people_join: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Joining"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_people_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_people_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_people_person_medications: {
        parameters: {
            query?: {
                /** @description A day or moment as FHIR writes it, such as the exam's; now unless said. */
                at?: string;
            };
            header?: never;
            path: {
                person: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Medications"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_readings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_readings_again: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadAgain"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_readings_quality: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadingQuality"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_readings_to_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToCheckList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_reports_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_sources: {
        parameters: {
            query?: {
                /** @description `read`, `partly`, `refused`, `reading` or `part`. */
                state?: string;
                /** @description `hl7v2`, `fhir`, `fhir-ndjson`, `omop`, `table`, `vcf`. */
                format?: string;
                /** @description A part of the kind or the sender, or a whole control id. */
                text?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_sources: {
        parameters: {
            query: {
                /** @description `hl7v2`, `fhir`, `fhir-ndjson`, `omop`, `table`, `vcf`, `codes`, or `part` of one of these lists. */
                format: string;
                /**
                 * @description Who issued the ids in it that don't say so: a FHIR server's base address, a data set's name.
                 *     Of `codes` the table's name: the latest of a name holds.
                 */
                system?: string;
            };
            header?: {
                /** @description The file's name, percent-encoded */
                "X-File-Name"?: string | null;
                /** @description SHA-256 of the body */
                "X-Content-SHA256"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brought"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_sources_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceInFull"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_sources_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_sources_id_read_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read in a moment */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_summary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordInFull"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_records_id_checks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckList"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_records_id_checks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportCheck"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_register: {
        parameters: {
            query?: {
                /** @description Of one project. */
                project?: string;
                /** @description Of one release. */
                release?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataUses"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatientBy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataUses"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseMade"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDetail"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases_id_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases_id_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases_id_decisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseVerdict"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases_id_ethics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_releases_id_ethics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": number[];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases_id_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseFiles"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases_id_files_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_releases_id_package_zip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases_id_recall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecallBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_releases_id_without: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is waited for. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_routing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_routing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rule"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptRule"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_routing_try: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Trial"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tried"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_routing_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptRule"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It was changed meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_routing_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_routing_id_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleVersions"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnythingSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sql: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatementAsked"];
            };
        };
        responses: {
            /** @description The rows, in the form asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_system: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
        };
    };
    get_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
        };
    };
    post_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_transfers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_transfers_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It has ended already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_transfers_id_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It waits, is under way or is done. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_uploads_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadState"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_uploads_id_files: {
        parameters: {
            query?: {
                /** @description Its path in the folder that is uploaded, where the header X-File-Path doesn't tell it. */
                path?: string;
            };
            header?: {
                /** @description The file's path, percent-encoded */
                "X-File-Path"?: string | null;
                /** @description SHA-256 of the body */
                "X-Content-SHA256"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOutcome"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; the file was not kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_uploads_id_finish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadSummary"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_uploads_id_held: {
        parameters: {
            query: {
                /** @description Series Instance UID. */
                series: string;
                /** @description SOP Instance UID. */
                instance: string;
                /** @description SHA-256 of its bytes. */
                sha256: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Held"];
                };
            };
        };
    };
    get_viewers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Viewers"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_withdrawals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_withdrawals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawalBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalMade"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_withdrawals_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalShape"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_withdrawals_id_steps_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepNote"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
